import { isErrorBody } from "@gridlake/contracts/errors/error-body.ts";
import { isAxiosError } from "axios";

/** A refusal or failure of the platform as a page shows it. `status` 0: there was no answer at all. */
export interface PlatformError {
  status: number;
  code: string;
  message: string;
  remedy: string | null;
}

/** The code under which a call that got no answer is shown. */
export const NO_ANSWER = "WEB_NO_ANSWER";

/** Reads the platform's error body; of an answer that has none, only the HTTP status is known. */
export function platformErrorOf(error: unknown): PlatformError {
  if (!isAxiosError(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return { status: 0, code: "WEB_DEFECT", message, remedy: null };
  }
  const { response } = error;
  if (response === undefined) return { status: 0, code: NO_ANSWER, message: error.message, remedy: null };
  if (!isErrorBody(response.data)) {
    return { status: response.status, code: `HTTP_${response.status}`, message: error.message, remedy: null };
  }
  const { code, message, remedy } = response.data.error;
  return { status: response.status, code, message, remedy: remedy ?? null };
}
