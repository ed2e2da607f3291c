/**
 * The unit test harness: a test file calls `test` at its top level, and `JavaScriptUnitTest` loads
 * the file in a page of its own, where its tests run one after the other.
 */

const TEST_MS_MAX = 180_000;

const tests = new Map();
/** By name: a promise of the failure. */
const outcomes = new Map();

/** Declares a test. Its name is a sentence; `run` may be async, and fails by throwing. */
export function test(name, run) {
  if (tests.has(name)) throw new Error(`two tests are named "${name}"`);
  tests.set(name, run);
}

export function assert(condition, message = 'the condition does not hold') {
  if (!condition) throw new Error(message);
}

/** Deep equality of plain values, arrays, maps, sets and bytes. */
export function assertEquals(expected, actual, message = '') {
  const [left, right] = [show(expected), show(actual)];
  if (left !== right) {
    throw new Error(`${message && `${message}: `}expected ${left}\n     but was ${right}`);
  }
}

/**
 * Runs `run`, which must throw or reject.
 *
 * @param {Function|RegExp} [expected] the class of the error, or a pattern of its message
 * @returns {Promise<Error>} the error, for further checks
 */
export async function assertThrows(run, expected) {
  let result;
  try {
    result = await run();
  } catch (error) {
    const fits = expected === undefined
      || (expected instanceof RegExp ? expected.test(error.message) : error instanceof expected);
    if (!fits) throw new Error(`expected ${expected} but was ${error.stack ?? error}`);
    return error;
  }
  throw new Error(`expected an error but the result was ${show(result)}`);
}

/** The parsed vector file `name` of src/test/resources/vectors. */
export async function vectors(name) {
  const response = await fetch(`/vectors/${name}`);
  if (!response.ok) throw new Error(`no vector file ${name}`);
  return response.json();
}

function show(value) {
  if (value instanceof ArrayBuffer) return `ArrayBuffer ${show(new Uint8Array(value))}`;
  if (value instanceof Uint8Array) {
    return `bytes(${Array.from(value, byte => byte.toString(16).padStart(2, '0')).join('')})`;
  }
  if (value instanceof CryptoKey) return `${value.type} key ${value.algorithm.name}`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (value instanceof Map) return `Map ${show([...value])}`;
  if (value instanceof Set) return `Set ${show([...value])}`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.keys(value).sort().map(key => `${key}: ${show(value[key])}`);
  return `{${fields.join(', ')}}`;
}

function timeOut() {
  const late = () => new Error(`not done after ${TEST_MS_MAX} ms`);
  return new Promise((_, reject) => setTimeout(() => reject(late()), TEST_MS_MAX));
}

async function failureOf(run) {
  try {
    await Promise.race([run(), timeOut()]);
    return null;
  } catch (error) {
    return error?.stack ?? String(error);
  }
}

/** What JavaScriptUnitTest calls: a failure is text (message and stack), success is null. */
globalThis.harness = {
  async load(file) {
    await import(`/test/${file}`);
    if (tests.size === 0) throw new Error('no test in this file');
    return [...tests.keys()];
  },
  run(name) {
    if (!outcomes.has(name)) outcomes.set(name, failureOf(tests.get(name)));
    return outcomes.get(name);
  },
  async runAll() {
    for (const name of tests.keys()) await harness.run(name);
  },
};
