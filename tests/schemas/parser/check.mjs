// Reads a document from standard input; writes what the official parser makes of it as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// Where it is installed: the folder of this process, not that of this file.
const { Parser } = createRequire(`${process.cwd()}/`)("@asyncapi/parser");
const { document, diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
const found = diagnostics.map(({ code, message, path, severity }) => ({ code, message, severity, path: path.join("/") }));
const messages = document ? document.allMessages().all().map((message) => message.name()) : null;
const operations = document ? document.allOperations().all().map((each) => [each.id(), each.action()]) : null;
process.stdout.write(JSON.stringify({ found, messages, operations }));
