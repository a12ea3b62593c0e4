// Loaded before a command: reads .env, where there is one. Node's own flag for it says each time that there is none.
import { existsSync } from 'node:fs';

if (existsSync('.env')) process.loadEnvFile();
