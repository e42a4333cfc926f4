/** Written in by the build: the version of package.json. */
declare const __CONSOLE_VERSION__: string;
/** Written in by the build: see wire-digest.mjs. */
declare const __WIRE_DIGEST__: string;
