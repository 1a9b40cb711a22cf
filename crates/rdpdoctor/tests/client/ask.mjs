// Speaks to `rdpdoctor mcp` as assistants do, with the protocol's own client, and prints what it was told as JSON.
//
// node ask.mjs RDPDOCTOR FILES-FOLDER TARGET
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [command, folder, target] = process.argv.slice(2);
const client = new Client({ name: "test", version: "1" });
await client.connect(new StdioClientTransport({ command, args: ["mcp", "--files", folder] }));
const { tools } = await client.listTools();
// Two at the same time: the server answers each by itself.
const [check, explain] = await Promise.all([
  client.callTool({ name: "check", arguments: { target, quick: true } }),
  client.callTool({ name: "explain", arguments: { text: "0x904 0x7" } }),
]);
const analyze = await client.callTool({ name: "analyze", arguments: { paths: ["work.rdp"] } });
const plan = await client.callTool({ name: "plan", arguments: { target } });
const outside = await client.callTool({ name: "analyze", arguments: { paths: ["/etc/passwd"] } });
const unknown = await client.callTool({ name: "apply", arguments: {} }).then(() => "answered", (error) => error.message);
await client.ping();
console.log(JSON.stringify({
  server: client.getServerVersion(), says: client.getInstructions(), tools, check, explain, analyze, plan, outside, unknown,
}));
await client.close();
