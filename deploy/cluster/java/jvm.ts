import { join } from "node:path";
import type { Node } from "../hosts.ts";
import type { Site } from "../site.ts";

export interface Jvm {
  /** Whose names it knows the machine by. @default "master" */
  node?: Node;
  mainClass: string;
  args?: readonly string[];
  /** Folders of configuration and of jars (`folder/*`), in order. */
  classpath: readonly string[];
  /** Most memory for objects. */
  heapMib: number;
  /** Most memory for classes. */
  metaspaceMib: number;
  /** Most memory outside the heap. */
  directMib: number;
  /** `-D` properties. */
  properties?: Readonly<Record<string, string>>;
  /** Packages of the Java runtime that it reaches into by reflection. */
  opens?: readonly string[];
}

/** Arguments of a JVM that fits a small machine: one collector thread, two compiler threads, every pool bounded. */
export function jvmArguments(site: Site, jvm: Jvm): string[] {
  const properties = {
    "java.io.tmpdir": site.tmp,
    "jdk.net.hosts.file": site.hostsFile(jvm.node ?? "master"),
    ...jvm.properties,
  };
  return [
    "-XX:+UseSerialGC",
    "-XX:CICompilerCount=2",
    "-Xss512k",
    `-Xmx${jvm.heapMib}m`,
    `-XX:MaxMetaspaceSize=${jvm.metaspaceMib}m`,
    `-XX:MaxDirectMemorySize=${jvm.directMib}m`,
    // a process that is out of memory half works; better that it is seen to be gone
    "-XX:+ExitOnOutOfMemoryError",
    `-XX:ErrorFile=${join(site.logs, "hs_err_%p.log")}`,
    // else it writes a file below /tmp that a kill leaves there
    "-XX:-UsePerfData",
    ...(jvm.opens ?? []).map((name) => `--add-opens=${name}=ALL-UNNAMED`),
    ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
    "-cp",
    jvm.classpath.join(":"),
    jvm.mainClass,
    ...(jvm.args ?? []),
  ];
}

/** What Hadoop and Flink reach into on Java 17. */
export const REFLECTED_PACKAGES: readonly string[] = [
  "java.base/java.io",
  "java.base/java.lang",
  "java.base/java.lang.invoke",
  "java.base/java.lang.reflect",
  "java.base/java.math",
  "java.base/java.net",
  "java.base/java.nio",
  "java.base/java.text",
  "java.base/java.time",
  "java.base/java.util",
  "java.base/java.util.concurrent",
  "java.base/java.util.concurrent.atomic",
  "java.base/java.util.concurrent.locks",
  "java.base/sun.net.util",
  "java.base/sun.nio.ch",
  "java.base/sun.security.action",
  "java.rmi/sun.rmi.registry",
  "java.security.jgss/sun.security.krb5",
];
