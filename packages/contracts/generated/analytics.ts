// Made by tools/generate-clients.ts from services/analytics/openapi.json; not to be edited.
export interface paths {
    "/api/analytics/load-curve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Active power of feeders over [from, to)
         * @description The interval is widened to whole steps; the answer says which it was. At most 5000 points a series (ANALYTICS_TOO_MANY_POINTS). By default the last 24 h of data, which end with the minute of the newest reading, not with the wall clock. The newest minute may still be filling.
         */
        get: operations["loadCurve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/consumption": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Energy of a device, of a feeder's devices or of all over [from, to)
         * @description The difference of cumulative registers. The interval is widened to whole windows of the level; at most 5000 points (ANALYTICS_TOO_MANY_POINTS). Without `to` it ends with the newest reading's window, without `from` it is 24 h (15min), 7 days (hour) or 35 days (day) long. A feeder's devices are those that the register gives it today. Sums are over customers' devices alone.
         */
        get: operations["consumption"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/top-consumers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The devices with the highest consumption of a day */
        get: operations["topConsumers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Registered devices with their last reading and their energy of the newest day
         * @description A device's last reading is looked for in the 2 h before the newest reading of all, so that the cost does not grow with the history; a device silent for longer has nulls there.
         */
        get: operations["devices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/feeders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Registered feeders */
        get: operations["feeders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Key figures of the grid, fresh to the last micro-batch
         * @description `load` is that of the newest minute, or of the one before it while the newest has heard fewer devices: a minute that is still filling would look like a drop. It is null when no feeder was measured in the hour before the newest reading.
         */
        get: operations["summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/pipeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the pipeline is, and whether it runs */
        get: operations["pipelineState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lines that were refused, with their reasons */
        get: operations["quarantine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/quarantine/{topic}/{topicOffset}/{line}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One refused line, whole, and what was decided about it */
        get: operations["quarantinedLine"];
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
    loadCurve: {
        parameters: {
            query?: {
                /** @description one series each, in this order; absent: one series of all feeders, summed */
                feeder?: string[];
                /**
                 * @description first instant, inclusive. Default: 24 h before `to`
                 * @example 2013-10-14T00:00:00Z
                 */
                from?: string;
                /**
                 * @description last instant, exclusive. Default: end of the newest reading's step
                 * @example 2013-10-14T00:00:00Z
                 */
                to?: string;
                /** @description length of a point's window */
                step?: "minute" | "15min" | "hour";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description length of a point's window
                         * @default minute
                         */
                        step: "minute" | "15min" | "hour";
                        from: string | null;
                        /** @description null, like from, when there is no data to take the interval from */
                        to: string | null;
                        series: {
                            /** @description null: all feeders, summed */
                            feeder: string | null;
                            /** @description by windowStart; windows without a reading are left out */
                            points: {
                                /**
                                 * Format: date-time
                                 * @description start of the window; it covers [windowStart, windowStart + step)
                                 * @example 2013-10-14T00:00:00Z
                                 */
                                windowStart: string;
                                /** @description mean over the window's minutes of the load in W */
                                activePowerW: number;
                                /** @description the highest minute of the window, in W */
                                peakPowerW: number;
                                /** @description devices heard in the minute that heard most */
                                devices: number;
                            }[];
                        }[];
                    };
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
    consumption: {
        parameters: {
            query?: {
                /** @description length of a point's window; a day is one of the grid's time zone */
                level?: "15min" | "hour" | "day";
                /** @description one device */
                device?: string;
                /** @description the devices of one feeder, summed */
                feeder?: string;
                /**
                 * @description first instant, inclusive
                 * @example 2013-10-14T00:00:00Z
                 */
                from?: string;
                /**
                 * @description last instant, exclusive
                 * @example 2013-10-14T00:00:00Z
                 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description length of a point's window; a day is one of the grid's time zone
                         * @default hour
                         */
                        level: "15min" | "hour" | "day";
                        from: string | null;
                        to: string | null;
                        /** @description by windowStart; windows without a consumption are left out */
                        points: {
                            /**
                             * Format: date-time
                             * @description start of the window
                             * @example 2013-10-14T00:00:00Z
                             */
                            windowStart: string;
                            /** @description active energy imported in the window, in Wh */
                            energyWh: number;
                            /** @description devices with a consumption in the window */
                            devices: number;
                        }[];
                    };
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
    topConsumers: {
        parameters: {
            query?: {
                /**
                 * @description a day of the grid's time zone. Default: the newest with a consumption
                 * @example 2013-10-14
                 */
                day?: string;
                /** @description ranks to return */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description null when no day has a consumption yet */
                        day: string | null;
                        /**
                         * @description the grid's time zone, in which days begin: an IANA name
                         * @example Asia/Shanghai
                         */
                        timeZone: string;
                        consumers: {
                            /** @description from 1, by falling energy */
                            rank: number;
                            device: string;
                            name: string | null;
                            /** @description null when it left the register */
                            feeder: string | null;
                            /** @description active energy imported on the day, in Wh */
                            energyWh: number;
                        }[];
                    };
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
    devices: {
        parameters: {
            query?: {
                /** @description page, from 1; a page beyond the last is empty */
                page?: number;
                /** @description rows of a page */
                pageSize?: number;
                /** @description part of the device, its name or its feeder; case is ignored */
                q?: string;
                /** @description only the devices of this feeder */
                feeder?: string;
                /** @description with - in front: falling. Nulls come last, ties by device */
                sort?: "device" | "-device" | "name" | "-name" | "feeder" | "-feeder" | "ratedVoltageV" | "-ratedVoltageV" | "lastReadingAt" | "-lastReadingAt" | "activePowerW" | "-activePowerW" | "voltageV" | "-voltageV" | "energyWh" | "-energyWh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description as asked for */
                        page: number;
                        /** @description as asked for */
                        pageSize: number;
                        /** @description rows of all pages together */
                        total: number;
                        recentSince: string | null;
                        /** @description the day of energyWh: that of the newest reading */
                        energyDay: string | null;
                        /**
                         * @description the grid's time zone, in which days begin: an IANA name
                         * @example Asia/Shanghai
                         */
                        timeZone: string;
                        devices: {
                            device: string;
                            name: string | null;
                            feeder: string | null;
                            feederName: string | null;
                            /** @description nominal voltage in V */
                            ratedVoltageV: number | null;
                            /** @description null when the device sent nothing since recentSince */
                            lastReadingAt: string | null;
                            /** @description of the last reading, in W */
                            activePowerW: number | null;
                            /** @description of the last reading, in V */
                            voltageV: number | null;
                            /** @description of the last reading, in A */
                            currentA: number | null;
                            /** @description active energy imported on energyDay, in Wh */
                            energyWh: number | null;
                        }[];
                    };
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
    feeders: {
        parameters: {
            query?: {
                /** @description page, from 1; a page beyond the last is empty */
                page?: number;
                /** @description rows of a page */
                pageSize?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description as asked for */
                        page: number;
                        /** @description as asked for */
                        pageSize: number;
                        /** @description rows of all pages together */
                        total: number;
                        /** @description by feeder */
                        feeders: {
                            feeder: string;
                            name: string | null;
                            /** @description the station it leaves from */
                            station: string | null;
                            /** @description the region it lies in */
                            region: string | null;
                            /** @description devices that the register gives it */
                            devices: number;
                        }[];
                    };
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
    summary: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description devices on the register */
                        devices: number;
                        /** @description feeders on the register */
                        feeders: number;
                        /** @description readings kept, without doubles */
                        readings: number;
                        /** @description lines refused, in quarantine */
                        quarantined: number;
                        /** @description null, like load and energy, before the first reading */
                        newestEventAt: string | null;
                        load: {
                            /** @description all feeders together, in W */
                            activePowerW: number;
                            /**
                             * Format: date-time
                             * @description start of the minute it was measured in
                             * @example 2013-10-14T00:00:00Z
                             */
                            windowStart: string;
                        } | null;
                        energy: {
                            /** @description all devices together on the day so far, in Wh */
                            energyWh: number;
                            /**
                             * Format: date
                             * @description the day of the newest reading, in the grid's time zone
                             * @example 2013-10-14
                             */
                            day: string;
                        } | null;
                        /**
                         * @description the grid's time zone, in which days begin: an IANA name
                         * @example Asia/Shanghai
                         */
                        timeZone: string;
                        /** @description the last micro-batch that was committed when this was read */
                        sequence: number;
                    };
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
    pipelineState: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        status: "starting" | "running" | "failed" | "stopped";
                        /** @description the last committed micro-batch */
                        sequence: number;
                        topics: {
                            topic: string;
                            /** @description offset of the record that is taken in next */
                            next: number;
                            /** @description offset that the topic's next record will get; end - next records wait */
                            end: number;
                            /** @description ms; no record that waits has waited longer. 0 when none waits, null until one was taken in */
                            lagMs: number | null;
                        }[];
                        checkpoint: {
                            /** @description 0 before the first */
                            number: number;
                            /** @description the last micro-batch it holds */
                            sequence: number;
                            completedAt: string | null;
                            /** @description ms that the last one took */
                            durationMs: number | null;
                            /** @description checkpoints that failed since the start */
                            failures: number;
                            /** @description why the last one failed, if it did */
                            error: {
                                code: string;
                                message: string;
                            } | null;
                        };
                        models: {
                            name: string;
                            layer: string;
                            /** @description rows taken in */
                            rowsIn: number;
                            /** @description rows written */
                            rowsOut: number;
                            /** @description rows replaced or taken back since the start */
                            rowsReplaced: number;
                            /** @description of the last completed checkpoint; 0 before the first */
                            checkpoint: number;
                            freshness: {
                                /** @description ms; the model's own promise, null without one */
                                promisedMs: number | null;
                                changedAt: string | null;
                                /** @description whether the promise is broken; null without one */
                                isStale: boolean | null;
                            };
                            /** @description which version of the model its table is of */
                            version: {
                                /** @description current, or else what becomes of the new version, while the table is of an earlier one or not there yet; the new versions of all changed models take their places at once. failed: not before the next start */
                                status: "current" | "waiting" | "building" | "built" | "failed";
                                /** @description the last micro-batch that the earlier version followed; null when there is none */
                                asOf: number | null;
                                /** @description how far the build is, while it is under way */
                                building: {
                                    /** @description rows of the new version so far */
                                    rows: number;
                                    /** @description parts of its time that are computed */
                                    partsDone: number;
                                    /** @description parts in all; then it follows what changed meanwhile */
                                    parts: number;
                                } | null;
                            };
                        }[];
                        /** @description each test of the models that was run since the start */
                        tests: {
                            name: string;
                            /** @description null for a test that is a file of its own */
                            model: string | null;
                            kind: string;
                            /** @enum {unknown} */
                            severity: "error" | "warn";
                            /**
                             * @description error: it could not be run
                             * @enum {unknown}
                             */
                            status: "pass" | "warn" | "fail" | "error";
                            /** @description rows that break it */
                            failures: number | null;
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            /**
                             * Format: date-time
                             * @description when it was last run
                             * @example 2013-10-14T00:00:00Z
                             */
                            checkedAt: string;
                            /** @description ms */
                            durationMs: number;
                        }[];
                        /** @description lines that wait for a decision, by topic and reason */
                        quarantine: {
                            topic: string;
                            reason: string;
                            lines: number;
                        }[];
                        /** @description lines taken in a second, over the last ten seconds */
                        linesPerSecond: number;
                        /** @description what stopped it, when its status is failed; else why the last checkpoint failed, if it did */
                        error: {
                            code: string;
                            message: string;
                        } | null;
                    };
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
    quarantine: {
        parameters: {
            query?: {
                /** @description page, from 1; a page beyond the last is empty */
                page?: number;
                /** @description rows of a page */
                pageSize?: number;
                /** @description only those refused for it */
                reason?: string;
                /** @description only those of a topic */
                topic?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description as asked for */
                        page: number;
                        /** @description as asked for */
                        pageSize: number;
                        /** @description rows of all pages together */
                        total: number;
                        /** @description the newest first */
                        lines: {
                            topic: string;
                            /** @description offset of the log record that carried the line */
                            topicOffset: number;
                            /** @description position in its record, from 1 */
                            line: number;
                            /**
                             * Format: date-time
                             * @description when the port took it in
                             * @example 2013-10-14T00:00:00Z
                             */
                            receivedAt: string;
                            /** @description why it was refused: MALFORMED_JSON, MISSING_FIELD, WRONG_TYPE, OUT_OF_RANGE, NOT_IN_SCOPE, or the model's own */
                            reason: string;
                            device: string | null;
                            /** @description the line as it came, cut after 2000 characters */
                            raw: string | null;
                        }[];
                    };
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
    quarantinedLine: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                topic: string;
                topicOffset: number;
                line: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        topic: string;
                        topicOffset: number;
                        line: number;
                        /**
                         * Format: date-time
                         * @description when the port took it in
                         * @example 2013-10-14T00:00:00Z
                         */
                        receivedAt: string;
                        reason: string;
                        /** @description the device that it names, where it could be read */
                        device: string | null;
                        /** @description the line as it came, whole; null where only its device is unknown */
                        raw: string | null;
                        /** @description what was decided about it; null while it is in quarantine */
                        resolution: {
                            /** @description replayed or discarded */
                            action: string;
                            /** @description the line that was sent in its place */
                            replacement: string | null;
                            /** @description the username of who decided */
                            resolvedBy: string;
                            /**
                             * Format: date-time
                             * @description when
                             * @example 2013-10-14T00:00:00Z
                             */
                            resolvedAt: string;
                            /** @description why */
                            note: string | null;
                        } | null;
                    };
                };
            };
            /** @description no such line was refused */
            404: {
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
