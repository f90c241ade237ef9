// How much V8 compiles into one function, for the whole process. A run has no hot loops: thousands of functions are called about
// as often as each other, and what V8 puts together by its usual measure is compiled long, used seldom and crowds the caches. With
// less, short runs take 0.88 of their time on Node 20, 0.9 on Node 22 and the same on Node 24; long ones lose nothing.
import { setFlagsFromString } from 'node:v8';

/** Usually 920. */
const INLINED_BYTECODE_MAX = 200;

setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED_BYTECODE_MAX}`);
