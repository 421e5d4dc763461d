/** What a token begins with, so that people and secret scanners see what they have in hand. */
export const API_TOKEN_PREFIX = "gla_";
export const DEVICE_TOKEN_PREFIX = "gld_";
