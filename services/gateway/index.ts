export { createGateway, type Gateway, type GatewayOptions } from "./gateway.ts";
export { GatewayConfig } from "./config.ts";
