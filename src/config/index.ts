export { parseConfig, type ConfigDocument } from './document.js';
export { applyOverrides, parseOverride, type Overrides } from './overrides.js';
export { check, invalidConfig, validate, type Origin, type Problem } from './validate.js';
export { nearest, unknownWord } from './suggest.js';
export { canonicalJson, hashOf } from './hash.js';
