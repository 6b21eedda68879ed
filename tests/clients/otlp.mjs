// Reads requests of OTLP's JSON from standard input, one a line, as OpenTelemetry's own code reads
// them: through the classes made of its .proto files, out of npm @opentelemetry/otlp-transformer.
// What does not come back as it was sent is a field that these do not know, or of another type.
// Ends with "N passed, M failed".
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const root = createRequire(import.meta.url)(
  "@opentelemetry/otlp-transformer/build/src/generated/root.js",
);
const Request = root.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
const IDS = new Set(["traceId", "spanId", "parentSpanId"]);

// OTLP's JSON differs from protobuf's in one thing: ids are hex, not base64.
function withIds(value, convert) {
  if (Array.isArray(value)) return value.map((each) => withIds(each, convert));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      IDS.has(name) ? convert(name, each) : withIds(each, convert),
    ]),
  );
}

// An empty list is left out by protobuf.
function lean(value) {
  if (Array.isArray(value)) return value.map(lean);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => !(Array.isArray(each) && each.length === 0))
      .map(([name, each]) => [name, lean(each)]),
  );
}

function fromHex(name, text) {
  assert.match(text, name === "traceId" ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{16}$/, name);
  return Buffer.from(text, "hex").toString("base64");
}

function judge(sent) {
  const message = Request.fromObject(withIds(sent, fromHex));
  assert.equal(Request.verify(message), null);
  const read = Request.decode(Request.encode(message).finish());
  const back = Request.toObject(read, { longs: String, bytes: String });
  assert.deepEqual(
    withIds(back, (_, text) => Buffer.from(text, "base64").toString("hex")),
    lean(sent),
  );
  for (const span of sent.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans)))
    assert.ok(BigInt(span.startTimeUnixNano) <= BigInt(span.endTimeUnixNano), span.name);
}

let passed = 0;
let failed = 0;
for await (const line of createInterface({ input: process.stdin })) {
  try {
    judge(JSON.parse(line));
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(String(error));
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
