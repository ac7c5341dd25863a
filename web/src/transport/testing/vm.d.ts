/** The part of Node's `vm` that specs use. */
declare module 'node:vm' {
  /** Runs a script with built-in classes of its own, and returns its value. */
  export function runInNewContext(script: string): never;
}
