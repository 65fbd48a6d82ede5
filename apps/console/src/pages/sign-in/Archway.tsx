/** How far in each doorway stands: left edge, top of the arch, and how light it is. */
const DOORS = [0, 1, 2, 3, 4, 5].map((step) => {
  const half = 270 * 0.72 ** step;
  const foot = 900 - 118 * (1 - 0.72 ** step) * 2.6;
  const spring = foot - half * 2.35;
  return { step, half, foot, spring };
});

/** One doorway behind another, and light in the last: the way in. */
export function Archway({ className }: { className?: string }) {
  return (
    <svg className={className} viewBox="0 0 640 900" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      {DOORS.map(({ step, half, foot, spring }) => (
        <path
          key={step}
          data-step={step}
          d={`M${320 - half} ${foot} V${spring} a${half} ${half} 0 0 1 ${half * 2} 0 V${foot} Z`}
        />
      ))}
      <LightOnTheFloor />
    </svg>
  );
}

function LightOnTheFloor() {
  const last = DOORS[DOORS.length - 1];
  if (!last) return null;
  const { half, foot } = last;
  return (
    <path
      data-light
      d={`M${320 - half} ${foot} H${320 + half} L${320 + half * 3.4} 900 H${320 - half * 3.4} Z`}
    />
  );
}
