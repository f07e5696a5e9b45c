// Transpiles a component to a folder: `node transpile.mjs COMPONENT FOLDER`. What `jco transpile` does, without the rest of jco.

import { transpile, writeFiles } from '@bytecodealliance/jco-transpile';

const [component, folder] = process.argv.slice(2);
const { files } = await transpile(component, { name: 'policy' });
await writeFiles(files, { baseDir: folder });
