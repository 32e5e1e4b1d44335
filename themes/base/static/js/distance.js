/** Kilometres as the crow flies between two places in degrees (haversine). */
export function kilometres(one, other) {
  const [[a, b], [c, d]] = [one, other].map((point) => point.map((degrees) => (degrees * Math.PI) / 180));
  return 12742 * Math.asin(Math.sqrt(Math.sin((c - a) / 2) ** 2 + Math.cos(a) * Math.cos(c) * Math.sin((d - b) / 2) ** 2));
}
