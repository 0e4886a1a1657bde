import type { DetectorGroup, FusedDetector } from './fuse.js';

/**
 * Detectors that share a sensor, directly or through others, are one group: they see the same noise, so that what they say together is
 * one piece of evidence. Groups in the order of their first detector, named after it where it is alone, else `sensors 1`, `sensors 2`...
 */
export function groupBySensors(detectors: readonly (FusedDetector & { readonly sensors: readonly string[] })[]): DetectorGroup[] {
  const groups: { members: FusedDetector[]; sensors: Set<string> }[] = [];
  for (const { name, kind, sensors } of detectors) {
    const touching = groups.filter((group) => sensors.some((sensor) => group.sensors.has(sensor)));
    const [home] = touching;
    if (!home) {
      groups.push({ members: [{ name, kind }], sensors: new Set(sensors) });
      continue;
    }
    for (const other of touching.slice(1)) {
      home.members.push(...other.members);
      for (const sensor of other.sensors) home.sensors.add(sensor);
      groups.splice(groups.indexOf(other), 1);
    }
    home.members.push({ name, kind });
    for (const sensor of sensors) home.sensors.add(sensor);
  }
  return groups.map(({ members }, i) => ({ name: members.length === 1 ? members[0]!.name : `sensors ${i + 1}`, detectors: members }));
}
