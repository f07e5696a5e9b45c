#!/usr/bin/env node

import process from "node:process";

import { command } from "../src/node/command.js";
import { exitCode } from "../src/node/job.js";

process.exitCode = await exitCode(() => command(process.argv.slice(2)));
