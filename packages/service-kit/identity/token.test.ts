import { ManualClock } from "@gridlake/kernel";
import { type CryptoKey, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from "jose";
import { beforeEach, expect, test } from "vitest";
import { newIdentityKey } from "../config/secrets.ts";
import type { Principal } from "./principal.ts";
import { createIdentityIssuer, createIdentityVerifier, TOKEN_LIFE_S } from "./token.ts";

const ann: Principal = { kind: "user", subject: "7", username: "ann", roles: ["admin"], credential: "s1" };
const key = newIdentityKey();
const claims = { kind: "user", username: "ann", roles: ["admin"], credential: "s1" };
let clock = new ManualClock(1_700_000_000_000);
beforeEach(() => {
  clock = new ManualClock(1_700_000_000_000);
});

const forged = (alg: string, kid: string | undefined, secret: CryptoKey | Uint8Array, more: object = {}) =>
  new SignJWT({ ...claims, ...more })
    .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) })
    .setIssuer("gridlake")
    .setAudience("gridlake-services")
    .setSubject("7")
    .setExpirationTime(clock.nowMs() / 1000 + 60)
    .sign(secret);

const refused = expect.objectContaining({ code: "AUTH_INVALID", status: 401 });

test("what was issued is verified, with everything it said", async () => {
  const token = await createIdentityIssuer([key], clock).tokenFor(ann);
  expect(await createIdentityVerifier([key], clock).verify(token)).toEqual(ann);
});

test("a token is signed once for a while, renewed before it dies, and dies", async () => {
  const issuer = createIdentityIssuer([key], clock);
  const verifier = createIdentityVerifier([key], clock);
  const token = await issuer.tokenFor(ann);
  expect(await issuer.tokenFor({ ...ann })).toBe(token);
  expect(await issuer.tokenFor({ ...ann, roles: ["viewer"] })).not.toBe(token);
  await verifier.verify(token);
  clock.advance((TOKEN_LIFE_S - 1) * 1000);
  expect(await issuer.tokenFor(ann)).not.toBe(token);
  expect(await verifier.verify(token)).toEqual(ann);
  clock.advance(1000);
  await expect(verifier.verify(token)).rejects.toEqual(refused);
});

test("rotation: the new key signs, the old one still verifies, a dropped one no more", async () => {
  const next = newIdentityKey();
  const old = await createIdentityIssuer([key], clock).tokenFor(ann);
  const fresh = await createIdentityIssuer([next, key], clock).tokenFor(ann);
  const verifier = createIdentityVerifier([next, key], clock);
  expect(await verifier.verify(old)).toEqual(ann);
  expect(await verifier.verify(fresh)).toEqual(ann);
  await expect(createIdentityVerifier([next], clock).verify(old)).rejects.toEqual(refused);
});

test("attacks: no signature, another algorithm, the public key as a secret, another key, another audience", async () => {
  const verifier = createIdentityVerifier([key], clock);
  const other = newIdentityKey();
  const otherKey = (await importJWK({ kty: "OKP", crv: "Ed25519", ...other }, "EdDSA")) as CryptoKey;
  const rightKey = (await importJWK(
    { kty: "OKP", crv: "Ed25519", x: key.x, d: key.d },
    "EdDSA",
  )) as CryptoKey;
  const es256 = await generateKeyPair("ES256");
  const base = () =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "EdDSA", kid: key.kid })
      .setSubject("7")
      .setIssuer("gridlake");
  const attacks = [
    new UnsecuredJWT(claims)
      .setIssuer("gridlake")
      .setAudience("gridlake-services")
      .setSubject("7")
      .setExpirationTime(clock.nowMs() / 1000 + 60)
      .encode(),
    await forged("HS256", key.kid, new TextEncoder().encode(key.x.repeat(2))),
    await forged("HS256", key.kid, Buffer.from(key.x, "base64url")),
    await forged("ES256", key.kid, es256.privateKey),
    await forged("EdDSA", key.kid, otherKey),
    await forged("EdDSA", other.kid, otherKey),
    await forged("EdDSA", undefined, rightKey),
    await forged("EdDSA", key.kid, rightKey, { roles: ["emperor"] }),
    await forged("EdDSA", key.kid, rightKey, { kind: "god" }),
    await base()
      .setAudience("elsewhere")
      .setExpirationTime(clock.nowMs() / 1000 + 60)
      .sign(rightKey),
    await base().setAudience("gridlake-services").sign(rightKey), // never expires
    "",
    "a.b.c",
  ];
  for (const attack of attacks) await expect(verifier.verify(attack), attack).rejects.toEqual(refused);
  // the same form, rightly signed, passes: the refusals above are for their own reasons
  await expect(verifier.verify(await forged("EdDSA", key.kid, rightKey))).resolves.toEqual(ann);
});

test("changing one character anywhere breaks it", async () => {
  const token = await createIdentityIssuer([key], clock).tokenFor(ann);
  const verifier = createIdentityVerifier([key], clock);
  // the last character of base64url carries unused bits
  for (let at = 0; at < token.length - 1; at += 7) {
    const swapped = token[at] === "A" ? "B" : "A";
    await expect(verifier.verify(token.slice(0, at) + swapped + token.slice(at + 1))).rejects.toEqual(
      refused,
    );
  }
});
