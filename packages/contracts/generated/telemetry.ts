// Made by tools/generate-clients.ts from services/telemetry/openapi.json; not to be edited.
export interface paths {
    "/ingest/readings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes readings in; answers once they are synced to disk
         * @description NDJSON, a JSON array or one object; gzip is unpacked. Without `validate=strict` lines are judged by the pipeline one micro-batch later: ask GET /ingest/batches/{id}.
         */
        post: operations["sendReadings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/telemetry/devices/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Imports a CSV file into the register devices
         * @description the device register as a stream of changes. All rows or none, unless partial=true.
         */
        post: operations["importDevices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/telemetry/feeders/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Imports a CSV file into the register feeders
         * @description the feeder register as a stream of changes. All rows or none, unless partial=true.
         */
        post: operations["importFeeders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/telemetry/regions/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Imports a CSV file into the register regions
         * @description the region register as a stream of changes. All rows or none, unless partial=true.
         */
        post: operations["importRegions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/telemetry/stations/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Imports a CSV file into the register stations
         * @description the station register as a stream of changes. All rows or none, unless partial=true.
         */
        post: operations["importStations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/telemetry/transformers/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Imports a CSV file into the register transformers
         * @description the register of distribution transformers as a stream of changes. All rows or none, unless partial=true.
         */
        post: operations["importTransformers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/telemetry/customers/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Imports a CSV file into the register customers
         * @description the customer register as a stream of changes. All rows or none, unless partial=true.
         */
        post: operations["importCustomers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/telemetry/tariffs/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Imports a CSV file into the register tariffs
         * @description the time-of-use tariffs as a stream of changes, one entry a step of the day. All rows or none, unless partial=true.
         */
        post: operations["importTariffs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/telemetry/voltage_limits/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Imports a CSV file into the register voltage_limits
         * @description the permitted deviations of each nominal voltage as a stream of changes. All rows or none, unless partial=true.
         */
        post: operations["importVoltageLimits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/telemetry/outages/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Imports a CSV file into the register outages
         * @description interruptions of supply as a stream of changes. All rows or none, unless partial=true.
         */
        post: operations["importOutages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/telemetry/quarantine/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends mended lines in the place of quarantined ones
         * @description All lines or none; a line that would be refused again refuses the call.
         */
        post: operations["replayQuarantined"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/telemetry/quarantine/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives quarantined lines up; they stay in the history */
        post: operations["discardQuarantined"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ingest/batches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells the sender of a batch what became of it */
        get: operations["getOwnBatch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/telemetry/batches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells what became of any batch: accepted and quarantined lines, by reason */
        get: operations["getBatch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/telemetry/live/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Streams the changes of a model's table as server-sent events
         * @description Events: `ready` once, `delta` {sequence, upserts, deletes} after each micro-batch, `reset` when deltas were missed and the table has to be loaded anew. Each id is a sequence; Last-Event-ID resumes after it.
         */
        get: operations["streamLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A refusal */
        ErrorBody: {
            error: {
                /** @description stable, upper snake case; what a program decides by */
                code: string;
                /** @description what happened, for a person */
                message: string;
                /** @description what the caller can do about it */
                remedy?: string;
                /** @description whether the same call may succeed later, or after the caller has read newer state */
                retry: "never" | "later" | "after-refresh";
                /** @description the values the message speaks of */
                details: {
                    [key: string]: unknown;
                };
                /** @description finds this request in the logs */
                requestId: string;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    sendReadings: {
        parameters: {
            query?: {
                /** @description judge every line now; bodies up to 1 MiB */
                validate?: "strict";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {"device":"M0001","ts":"2013-10-01T00:00:00Z","seq":1,"energy_wh":123456,"active_power_w":154.6,"voltage_v":230.1,"current_a":0.7} */
                "application/x-ndjson": unknown;
                /**
                 * @example [
                 *       {
                 *         "device": "M0001",
                 *         "ts": "2013-10-01T00:00:00Z",
                 *         "seq": 1,
                 *         "energy_wh": 123456,
                 *         "active_power_w": 154.6,
                 *         "voltage_v": 230.1,
                 *         "current_a": 0.7
                 *       }
                 *     ]
                 */
                "application/json": unknown;
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description the batch's id, for GET /ingest/batches/{id} */
                        batch: string;
                        /** @description lines that are not blank */
                        lines: number;
                        /** @description bytes written to the log, unpacked */
                        bytes: number;
                    } | {
                        /** @description null when no line was accepted */
                        batch: string | null;
                        lines: number;
                        accepted: number;
                        rejected: number;
                        results: {
                            /** @description from 1; blank lines keep their number */
                            line: number;
                            accepted: boolean;
                            /** @enum {unknown} */
                            reason?: "MALFORMED_JSON" | "MISSING_FIELD" | "WRONG_TYPE" | "OUT_OF_RANGE" | "NOT_IN_SCOPE";
                            /** @description the first field that the reason is about */
                            field?: string;
                        }[];
                    };
                };
            };
            /** @description empty, not UTF-8, not gzip, or an array that cannot be cut into readings */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description no token, or one that is unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description a token, but not a device's */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description too many bytes or lines */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description a content type or encoding that is not taken */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A verdict for each line (validate=strict); accepted lines are synced to disk, refused ones are not kept */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "batch": "readings-4712",
                     *       "lines": 2,
                     *       "accepted": 1,
                     *       "rejected": 1,
                     *       "results": [
                     *         {
                     *           "line": 1,
                     *           "accepted": true
                     *         },
                     *         {
                     *           "line": 2,
                     *           "accepted": false,
                     *           "reason": "WRONG_TYPE",
                     *           "field": "seq"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @description null when no line was accepted */
                        batch: string | null;
                        lines: number;
                        accepted: number;
                        rejected: number;
                        results: {
                            /** @description from 1; blank lines keep their number */
                            line: number;
                            accepted: boolean;
                            /** @enum {unknown} */
                            reason?: "MALFORMED_JSON" | "MISSING_FIELD" | "WRONG_TYPE" | "OUT_OF_RANGE" | "NOT_IN_SCOPE";
                            /** @description the first field that the reason is about */
                            field?: string;
                        }[];
                    };
                };
            };
            /** @description over the token's rate; Retry-After tells when to send the same bytes again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the log or the pipeline is busy or full; Retry-After tells when to send the same bytes again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    importDevices: {
        parameters: {
            query?: {
                /** @description take the good rows, report the others */
                partial?: boolean;
                /** @description ms to wait until the rows can be queried */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example device,feeder,name
                 *     M0001,F1,Mill Lane 3
                 */
                "text/csv": unknown;
            };
        };
        responses: {
            /** @description The rows are synced to disk */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "topic": "devices",
                     *       "rows": 200,
                     *       "accepted": 200,
                     *       "rejected": 0,
                     *       "offsets": {
                     *         "first": 0,
                     *         "last": 0
                     *       },
                     *       "errors": [],
                     *       "queryable": true
                     *     }
                     */
                    "application/json": {
                        topic: string;
                        /** @description rows of the file, without the header */
                        rows: number;
                        accepted: number;
                        rejected: number;
                        /** @description log records of the topic that hold the rows, both included */
                        offsets: {
                            first: number;
                            last: number;
                        };
                        /** @description the first rejected rows */
                        errors: {
                            /** @description of the file, the header being line 1 */
                            line: number;
                            /** @enum {unknown} */
                            reason: "MALFORMED_JSON" | "MISSING_FIELD" | "WRONG_TYPE" | "OUT_OF_RANGE" | "NOT_IN_SCOPE";
                            field?: string;
                            value?: string;
                        }[];
                        /** @description whether the rows are in the tables already; false without wait */
                        queryable: boolean;
                    };
                };
            };
            /** @description no CSV, or a header that does not fit */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description too many bytes or rows */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description rows are refused, details.errors lists them; nothing is imported */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the log is busy or full; Retry-After tells when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    importFeeders: {
        parameters: {
            query?: {
                /** @description take the good rows, report the others */
                partial?: boolean;
                /** @description ms to wait until the rows can be queried */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example feeder,name,station,region
                 *     F1,North,S1,R1
                 */
                "text/csv": unknown;
            };
        };
        responses: {
            /** @description The rows are synced to disk */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "topic": "devices",
                     *       "rows": 200,
                     *       "accepted": 200,
                     *       "rejected": 0,
                     *       "offsets": {
                     *         "first": 0,
                     *         "last": 0
                     *       },
                     *       "errors": [],
                     *       "queryable": true
                     *     }
                     */
                    "application/json": {
                        topic: string;
                        /** @description rows of the file, without the header */
                        rows: number;
                        accepted: number;
                        rejected: number;
                        /** @description log records of the topic that hold the rows, both included */
                        offsets: {
                            first: number;
                            last: number;
                        };
                        /** @description the first rejected rows */
                        errors: {
                            /** @description of the file, the header being line 1 */
                            line: number;
                            /** @enum {unknown} */
                            reason: "MALFORMED_JSON" | "MISSING_FIELD" | "WRONG_TYPE" | "OUT_OF_RANGE" | "NOT_IN_SCOPE";
                            field?: string;
                            value?: string;
                        }[];
                        /** @description whether the rows are in the tables already; false without wait */
                        queryable: boolean;
                    };
                };
            };
            /** @description no CSV, or a header that does not fit */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description too many bytes or rows */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description rows are refused, details.errors lists them; nothing is imported */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the log is busy or full; Retry-After tells when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    importRegions: {
        parameters: {
            query?: {
                /** @description take the good rows, report the others */
                partial?: boolean;
                /** @description ms to wait until the rows can be queried */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example region,parent,name
                 *     R1,R,North shore
                 */
                "text/csv": unknown;
            };
        };
        responses: {
            /** @description The rows are synced to disk */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "topic": "devices",
                     *       "rows": 200,
                     *       "accepted": 200,
                     *       "rejected": 0,
                     *       "offsets": {
                     *         "first": 0,
                     *         "last": 0
                     *       },
                     *       "errors": [],
                     *       "queryable": true
                     *     }
                     */
                    "application/json": {
                        topic: string;
                        /** @description rows of the file, without the header */
                        rows: number;
                        accepted: number;
                        rejected: number;
                        /** @description log records of the topic that hold the rows, both included */
                        offsets: {
                            first: number;
                            last: number;
                        };
                        /** @description the first rejected rows */
                        errors: {
                            /** @description of the file, the header being line 1 */
                            line: number;
                            /** @enum {unknown} */
                            reason: "MALFORMED_JSON" | "MISSING_FIELD" | "WRONG_TYPE" | "OUT_OF_RANGE" | "NOT_IN_SCOPE";
                            field?: string;
                            value?: string;
                        }[];
                        /** @description whether the rows are in the tables already; false without wait */
                        queryable: boolean;
                    };
                };
            };
            /** @description no CSV, or a header that does not fit */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description too many bytes or rows */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description rows are refused, details.errors lists them; nothing is imported */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the log is busy or full; Retry-After tells when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    importStations: {
        parameters: {
            query?: {
                /** @description take the good rows, report the others */
                partial?: boolean;
                /** @description ms to wait until the rows can be queried */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example station,name,region
                 *     S1,Harbour,R1
                 */
                "text/csv": unknown;
            };
        };
        responses: {
            /** @description The rows are synced to disk */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "topic": "devices",
                     *       "rows": 200,
                     *       "accepted": 200,
                     *       "rejected": 0,
                     *       "offsets": {
                     *         "first": 0,
                     *         "last": 0
                     *       },
                     *       "errors": [],
                     *       "queryable": true
                     *     }
                     */
                    "application/json": {
                        topic: string;
                        /** @description rows of the file, without the header */
                        rows: number;
                        accepted: number;
                        rejected: number;
                        /** @description log records of the topic that hold the rows, both included */
                        offsets: {
                            first: number;
                            last: number;
                        };
                        /** @description the first rejected rows */
                        errors: {
                            /** @description of the file, the header being line 1 */
                            line: number;
                            /** @enum {unknown} */
                            reason: "MALFORMED_JSON" | "MISSING_FIELD" | "WRONG_TYPE" | "OUT_OF_RANGE" | "NOT_IN_SCOPE";
                            field?: string;
                            value?: string;
                        }[];
                        /** @description whether the rows are in the tables already; false without wait */
                        queryable: boolean;
                    };
                };
            };
            /** @description no CSV, or a header that does not fit */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description too many bytes or rows */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description rows are refused, details.errors lists them; nothing is imported */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the log is busy or full; Retry-After tells when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    importTransformers: {
        parameters: {
            query?: {
                /** @description take the good rows, report the others */
                partial?: boolean;
                /** @description ms to wait until the rows can be queried */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example transformer,feeder,rated_capacity_va
                 *     T1,F1,400000
                 */
                "text/csv": unknown;
            };
        };
        responses: {
            /** @description The rows are synced to disk */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "topic": "devices",
                     *       "rows": 200,
                     *       "accepted": 200,
                     *       "rejected": 0,
                     *       "offsets": {
                     *         "first": 0,
                     *         "last": 0
                     *       },
                     *       "errors": [],
                     *       "queryable": true
                     *     }
                     */
                    "application/json": {
                        topic: string;
                        /** @description rows of the file, without the header */
                        rows: number;
                        accepted: number;
                        rejected: number;
                        /** @description log records of the topic that hold the rows, both included */
                        offsets: {
                            first: number;
                            last: number;
                        };
                        /** @description the first rejected rows */
                        errors: {
                            /** @description of the file, the header being line 1 */
                            line: number;
                            /** @enum {unknown} */
                            reason: "MALFORMED_JSON" | "MISSING_FIELD" | "WRONG_TYPE" | "OUT_OF_RANGE" | "NOT_IN_SCOPE";
                            field?: string;
                            value?: string;
                        }[];
                        /** @description whether the rows are in the tables already; false without wait */
                        queryable: boolean;
                    };
                };
            };
            /** @description no CSV, or a header that does not fit */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description too many bytes or rows */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description rows are refused, details.errors lists them; nothing is imported */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the log is busy or full; Retry-After tells when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    importCustomers: {
        parameters: {
            query?: {
                /** @description take the good rows, report the others */
                partial?: boolean;
                /** @description ms to wait until the rows can be queried */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example customer,name,category,tariff,region
                 *     C1,Mill Lane 3,residential,TOU1,R1
                 */
                "text/csv": unknown;
            };
        };
        responses: {
            /** @description The rows are synced to disk */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "topic": "devices",
                     *       "rows": 200,
                     *       "accepted": 200,
                     *       "rejected": 0,
                     *       "offsets": {
                     *         "first": 0,
                     *         "last": 0
                     *       },
                     *       "errors": [],
                     *       "queryable": true
                     *     }
                     */
                    "application/json": {
                        topic: string;
                        /** @description rows of the file, without the header */
                        rows: number;
                        accepted: number;
                        rejected: number;
                        /** @description log records of the topic that hold the rows, both included */
                        offsets: {
                            first: number;
                            last: number;
                        };
                        /** @description the first rejected rows */
                        errors: {
                            /** @description of the file, the header being line 1 */
                            line: number;
                            /** @enum {unknown} */
                            reason: "MALFORMED_JSON" | "MISSING_FIELD" | "WRONG_TYPE" | "OUT_OF_RANGE" | "NOT_IN_SCOPE";
                            field?: string;
                            value?: string;
                        }[];
                        /** @description whether the rows are in the tables already; false without wait */
                        queryable: boolean;
                    };
                };
            };
            /** @description no CSV, or a header that does not fit */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description too many bytes or rows */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description rows are refused, details.errors lists them; nothing is imported */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the log is busy or full; Retry-After tells when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    importTariffs: {
        parameters: {
            query?: {
                /** @description take the good rows, report the others */
                partial?: boolean;
                /** @description ms to wait until the rows can be queried */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example tariff,valid_from,day_type,from_minute,period,price_per_kwh
                 *     TOU1,2026-01-01T00:00:00+08:00,workday,0,valley,0.32
                 */
                "text/csv": unknown;
            };
        };
        responses: {
            /** @description The rows are synced to disk */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "topic": "devices",
                     *       "rows": 200,
                     *       "accepted": 200,
                     *       "rejected": 0,
                     *       "offsets": {
                     *         "first": 0,
                     *         "last": 0
                     *       },
                     *       "errors": [],
                     *       "queryable": true
                     *     }
                     */
                    "application/json": {
                        topic: string;
                        /** @description rows of the file, without the header */
                        rows: number;
                        accepted: number;
                        rejected: number;
                        /** @description log records of the topic that hold the rows, both included */
                        offsets: {
                            first: number;
                            last: number;
                        };
                        /** @description the first rejected rows */
                        errors: {
                            /** @description of the file, the header being line 1 */
                            line: number;
                            /** @enum {unknown} */
                            reason: "MALFORMED_JSON" | "MISSING_FIELD" | "WRONG_TYPE" | "OUT_OF_RANGE" | "NOT_IN_SCOPE";
                            field?: string;
                            value?: string;
                        }[];
                        /** @description whether the rows are in the tables already; false without wait */
                        queryable: boolean;
                    };
                };
            };
            /** @description no CSV, or a header that does not fit */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description too many bytes or rows */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description rows are refused, details.errors lists them; nothing is imported */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the log is busy or full; Retry-After tells when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    importVoltageLimits: {
        parameters: {
            query?: {
                /** @description take the good rows, report the others */
                partial?: boolean;
                /** @description ms to wait until the rows can be queried */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example nominal_voltage_v,lower_percent,upper_percent
                 *     220,10,7
                 */
                "text/csv": unknown;
            };
        };
        responses: {
            /** @description The rows are synced to disk */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "topic": "devices",
                     *       "rows": 200,
                     *       "accepted": 200,
                     *       "rejected": 0,
                     *       "offsets": {
                     *         "first": 0,
                     *         "last": 0
                     *       },
                     *       "errors": [],
                     *       "queryable": true
                     *     }
                     */
                    "application/json": {
                        topic: string;
                        /** @description rows of the file, without the header */
                        rows: number;
                        accepted: number;
                        rejected: number;
                        /** @description log records of the topic that hold the rows, both included */
                        offsets: {
                            first: number;
                            last: number;
                        };
                        /** @description the first rejected rows */
                        errors: {
                            /** @description of the file, the header being line 1 */
                            line: number;
                            /** @enum {unknown} */
                            reason: "MALFORMED_JSON" | "MISSING_FIELD" | "WRONG_TYPE" | "OUT_OF_RANGE" | "NOT_IN_SCOPE";
                            field?: string;
                            value?: string;
                        }[];
                        /** @description whether the rows are in the tables already; false without wait */
                        queryable: boolean;
                    };
                };
            };
            /** @description no CSV, or a header that does not fit */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description too many bytes or rows */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description rows are refused, details.errors lists them; nothing is imported */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the log is busy or full; Retry-After tells when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    importOutages: {
        parameters: {
            query?: {
                /** @description take the good rows, report the others */
                partial?: boolean;
                /** @description ms to wait until the rows can be queried */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example outage,scope,element,started_at,ended_at
                 *     O1,feeder,F1,2026-05-07T10:00:00Z,2026-05-07T10:40:00Z
                 */
                "text/csv": unknown;
            };
        };
        responses: {
            /** @description The rows are synced to disk */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "topic": "devices",
                     *       "rows": 200,
                     *       "accepted": 200,
                     *       "rejected": 0,
                     *       "offsets": {
                     *         "first": 0,
                     *         "last": 0
                     *       },
                     *       "errors": [],
                     *       "queryable": true
                     *     }
                     */
                    "application/json": {
                        topic: string;
                        /** @description rows of the file, without the header */
                        rows: number;
                        accepted: number;
                        rejected: number;
                        /** @description log records of the topic that hold the rows, both included */
                        offsets: {
                            first: number;
                            last: number;
                        };
                        /** @description the first rejected rows */
                        errors: {
                            /** @description of the file, the header being line 1 */
                            line: number;
                            /** @enum {unknown} */
                            reason: "MALFORMED_JSON" | "MISSING_FIELD" | "WRONG_TYPE" | "OUT_OF_RANGE" | "NOT_IN_SCOPE";
                            field?: string;
                            value?: string;
                        }[];
                        /** @description whether the rows are in the tables already; false without wait */
                        queryable: boolean;
                    };
                };
            };
            /** @description no CSV, or a header that does not fit */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description too many bytes or rows */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description rows are refused, details.errors lists them; nothing is imported */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the log is busy or full; Retry-After tells when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    replayQuarantined: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "lines": [
                 *         {
                 *           "topic": "readings",
                 *           "topicOffset": 4711,
                 *           "line": 2,
                 *           "replacement": "{\"device\":\"M0001\",\"ts\":\"2026-01-01T00:00:00Z\",\"seq\":7,\"energy_wh\":12}"
                 *         }
                 *       ],
                 *       "note": "energy_wh was quoted"
                 *     }
                 */
                "application/json": {
                    lines: {
                        topic: string;
                        /** @description offset of the log record that carried the line */
                        topicOffset: number;
                        /** @description position in its record, from 1 */
                        line: number;
                        /** @description the mended line, one JSON object; left out, the line goes as it came */
                        replacement?: string;
                    }[];
                    /** @description why; kept with the decision */
                    note?: string;
                };
            };
        };
        responses: {
            /** @description The decisions and the replacements are synced to disk */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        lines: {
                            topic: string;
                            /** @description offset of the log record that carried the line */
                            topicOffset: number;
                            /** @description position in its record, from 1 */
                            line: number;
                            /**
                             * @description resolved: it was decided about before, and nothing was done now
                             * @enum {unknown}
                             */
                            outcome: "replayed" | "discarded" | "resolved";
                        }[];
                        /** @description log records that have the replacements, in the order of the lines */
                        replacements: {
                            topic: string;
                            offset: number;
                        }[];
                    };
                };
            };
            /** @description no such line in quarantine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the line is good and only its device is unknown */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description lines that would be refused again; details.lines names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description decisions before this one are under way; the same call may be sent again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    discardQuarantined: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    lines: {
                        topic: string;
                        /** @description offset of the log record that carried the line */
                        topicOffset: number;
                        /** @description position in its record, from 1 */
                        line: number;
                    }[];
                    /** @description why; kept with the decision */
                    note?: string;
                };
            };
        };
        responses: {
            /** @description The decisions and the replacements are synced to disk */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        lines: {
                            topic: string;
                            /** @description offset of the log record that carried the line */
                            topicOffset: number;
                            /** @description position in its record, from 1 */
                            line: number;
                            /**
                             * @description resolved: it was decided about before, and nothing was done now
                             * @enum {unknown}
                             */
                            outcome: "replayed" | "discarded" | "resolved";
                        }[];
                        /** @description log records that have the replacements, in the order of the lines */
                        replacements: {
                            topic: string;
                            offset: number;
                        }[];
                    };
                };
            };
            /** @description no such line in quarantine */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the line is good and only its device is unknown */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description decisions before this one are under way; the same call may be sent again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    getOwnBatch: {
        parameters: {
            query?: {
                /** @description ms to wait while the batch is pending */
                wait?: number;
                /** @description refused lines to list */
                rejected?: number;
            };
            header?: never;
            path: {
                /** @example readings-4711 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of the batch; the counts are null while it is pending */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "batch": "readings-4711",
                     *       "state": "processed",
                     *       "lines": 1000,
                     *       "accepted": 999,
                     *       "quarantined": 1,
                     *       "reasons": {
                     *         "WRONG_TYPE": 1
                     *       },
                     *       "rejected": [
                     *         {
                     *           "line": 7,
                     *           "reason": "WRONG_TYPE",
                     *           "device": "M0007",
                     *           "raw": "{\"device\":\"M0007\",\"seq\":\"7\"}"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        batch: string;
                        /** @enum {unknown} */
                        state: "pending" | "processed";
                        lines: number | null;
                        accepted: number | null;
                        quarantined: number | null;
                        /** @description quarantined lines by reason */
                        reasons: {
                            [key: string]: number;
                        };
                        /** @description the first quarantined lines */
                        rejected: {
                            /** @description from 1; blank lines keep their number */
                            line: number;
                            reason: string;
                            device: string | null;
                            /** @description the line as it came, its first 500 characters; null where only its device is unknown */
                            raw: string | null;
                        }[];
                    };
                };
            };
            /** @description no token, or one that is unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description a token, but not a device's */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description no such batch, or another sender's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the batch's lines are past the horizon */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    getBatch: {
        parameters: {
            query?: {
                /** @description ms to wait while the batch is pending */
                wait?: number;
                /** @description refused lines to list */
                rejected?: number;
            };
            header?: never;
            path: {
                /** @example readings-4711 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of the batch; the counts are null while it is pending */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "batch": "readings-4711",
                     *       "state": "processed",
                     *       "lines": 1000,
                     *       "accepted": 999,
                     *       "quarantined": 1,
                     *       "reasons": {
                     *         "WRONG_TYPE": 1
                     *       },
                     *       "rejected": [
                     *         {
                     *           "line": 7,
                     *           "reason": "WRONG_TYPE",
                     *           "device": "M0007",
                     *           "raw": "{\"device\":\"M0007\",\"seq\":\"7\"}"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        batch: string;
                        /** @enum {unknown} */
                        state: "pending" | "processed";
                        lines: number | null;
                        accepted: number | null;
                        quarantined: number | null;
                        /** @description quarantined lines by reason */
                        reasons: {
                            [key: string]: number;
                        };
                        /** @description the first quarantined lines */
                        rejected: {
                            /** @description from 1; blank lines keep their number */
                            line: number;
                            reason: string;
                            device: string | null;
                            /** @description the line as it came, its first 500 characters; null where only its device is unknown */
                            raw: string | null;
                        }[];
                    };
                };
            };
            /** @description no such batch, or another sender's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the batch's lines are past the horizon */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    streamLive: {
        parameters: {
            query?: {
                /** @description rows of this feeder alone */
                feeder?: string;
            };
            header?: {
                /** @description the last sequence seen */
                "last-event-id"?: string;
            };
            path: {
                /** @example ads_feeder_load_minute */
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An endless stream of events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description no such live model */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description too many streams are open */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
}
