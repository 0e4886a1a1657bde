import type { ActivitiesOf } from './stage.js';
import type * as stages from './stages.js';

export * from './stages.js';

/** All activities, as workflows call them. */
export type Activities = ActivitiesOf<typeof stages>;
