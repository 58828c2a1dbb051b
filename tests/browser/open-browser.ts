import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** A Chromium that is installed; null where there is none. Nothing is downloaded. */
export function findBrowser(): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const programs = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return programs.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Headless, on its own profile, and asking nobody on the network for anything of its own. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A page, and what it did that nobody should see. */
export interface TestPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What it wrote to the console as a warning or an error, and what it threw. */
  readonly complaints: string[];
  /** Origins that it asked for anything. */
  readonly origins: Set<string>;
}

export interface TestBrowser {
  open(url: string, options?: BrowserContextOptions): Promise<TestPage>;
  close(): Promise<void>;
}

export async function openBrowser(executablePath: string): Promise<TestBrowser> {
  const home = mkdtempSync(join(tmpdir(), "aco-browser-"));
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home } as Record<string, string>;
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS, env });
  return {
    open: async (url, options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      const complaints: string[] = [];
      const origins = new Set<string>();
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => origins.add(new URL(request.url()).origin));
      await page.goto(url);
      return { page, context, complaints, origins };
    },
    close: async () => {
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
