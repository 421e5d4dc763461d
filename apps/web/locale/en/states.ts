export const states = {
  loading: "Loading…",
  retry: "Try again",
  errorTitle: "This could not be loaded",
  errorCode: "Code {code}",
  errorWithoutAnswer: "The platform did not answer.",
  errorWithoutAnswerRemedy: "Check the connection; this page tries again by itself.",
  stale: "Shown as of {time}; it could not be refreshed.",
  forbiddenTitle: "Your roles do not open this page",
  forbiddenLead: "It takes one of: {roles}. Ask an administrator of the platform for access.",
  missingTitle: "There is no page at this address",
  unreachableTitle: "The platform cannot be reached",
  home: "Go to the start page",
};
