// Colours standard input by a grammar as VS Code does: node oniguruma.cjs GRAMMAR. Needs vscode-textmate, vscode-oniguruma.
const fs = require("fs");
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");

async function main() {
  const wasm = fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer;
  const onigLib = oniguruma.loadWASM(wasm).then(() => ({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }));
  const path = process.argv[2];
  const registry = new textmate.Registry({
    onigLib,
    loadGrammar: async () => textmate.parseRawGrammar(fs.readFileSync(path, "utf8"), path),
  });
  const grammar = await registry.loadGrammar("source.sop");
  let stack = textmate.INITIAL;
  const lines = fs.readFileSync(0, "utf8").split("\n").map((line) => {
    const result = grammar.tokenizeLine(line, stack);
    stack = result.ruleStack;
    return result.tokens
      .map((token) => [line.slice(token.startIndex, token.endIndex), token.scopes])
      .filter(([text]) => text !== "");
  });
  process.stdout.write(JSON.stringify(lines));
}

main();
