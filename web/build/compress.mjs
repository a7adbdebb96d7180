// Writes FILE.br and FILE.gz beside every file of a folder that compresses well, so that the server
// sends what was compressed once, as well as can be.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const kCompressible = /\.(html|js|css|svg|json|txt|webmanifest)$/;

function* filesIn(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesIn(path);
    else yield path;
  }
}

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node compress.mjs FOLDER");
  process.exit(2);
}
let plain = 0;
let gzip = 0;
let brotli = 0;
for (const path of filesIn(folder)) {
  if (!kCompressible.test(path)) continue;
  const bytes = readFileSync(path);
  const gz = gzipSync(bytes, { level: 9 });
  const br = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  writeFileSync(`${path}.gz`, gz);
  writeFileSync(`${path}.br`, br);
  plain += bytes.length;
  gzip += gz.length;
  brotli += br.length;
}
const kb = (n) => `${(n / 1000).toFixed(1)} kB`;
console.log(`compressed ${kb(plain)}: gzip ${kb(gzip)}, brotli ${kb(brotli)}`);
