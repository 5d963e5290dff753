/**
 * Kernels of the share code (docs/spec/share-engine.md). Built by scripts/build-kernel.mjs, once with `relaxed-simd` and
 * once without; the builds are committed in sdk/src/share/engine/modules.ts.
 *
 * The host owns the memory and plans every call: nothing here allocates, branches on data, or checks what it is told.
 */
export { multiplyBytes, multiplyPairs } from './dense'
export { nibbleMask, pointTable, productTable, tableEnd, towerTable } from './product'
export { addDerivative, copy, correct, gather, scatter } from './rows'
export { add } from './butterfly'
export { forward, inverse } from './transform'
