// Loaded before a command: reads .env, where there is one. Node's own flag for it says each time that there is none.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

if (existsSync('.env')) {
  const typed = process.env.SLUICE_DATA;
  process.loadEnvFile();
  // A folder that .env names is relative to .env; one that was typed before the command, to the caller's folder.
  const { SLUICE_DATA } = process.env;
  if (typed === undefined && SLUICE_DATA) process.env.SLUICE_DATA = resolve(SLUICE_DATA);
}
