import { describeStorage } from "@gridlake/hudi/storage/contract-tests/describe-storage.ts";
import { useHdfs } from "./hdfs-cluster.fixture.ts";

const hdfs = useHdfs();

describeStorage("HDFS", async () => ({ storage: hdfs.storage(), directory: hdfs.path() }));
