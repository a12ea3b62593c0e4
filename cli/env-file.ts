// Loaded before a command: reads .env, where there is one, and keeps what V8 compiles for the next command.
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// A command loads clients of hundreds of files; compiled once, they cost half.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url)));

// Node's own flag for an environment file warns each time that there is none.
if (existsSync('.env')) {
  const typed = process.env.SLUICE_DATA;
  process.loadEnvFile();
  // A folder that .env names is relative to .env; one that was typed before the command, to the caller's folder.
  const { SLUICE_DATA } = process.env;
  if (typed === undefined && SLUICE_DATA) process.env.SLUICE_DATA = resolve(SLUICE_DATA);
}
