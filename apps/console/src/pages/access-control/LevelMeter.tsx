import type { Level } from '../../api/schema';
import classes from './Level.module.css';
import { levelShort, levelTitle, rank } from './levels';

const STEPS = [1, 2, 3, 4];

/** How far a level reaches, as four steps. A picture beside the word, never instead of it. */
export function LevelMeter({ level }: { level: Level }) {
  return (
    <span className={classes.meter} data-rank={rank(level)} aria-hidden>
      {STEPS.map((step) => (
        <span key={step} data-filled={step <= rank(level) || undefined} style={{ height: 4 + step * 2.5 }} />
      ))}
    </span>
  );
}

/** A level as picture and word. */
export function LevelText({ level, full = false }: { level: Level; full?: boolean }) {
  return (
    <span className={classes.text} title={full ? undefined : levelTitle(level)}>
      <LevelMeter level={level} />
      <span>{full ? levelTitle(level) : levelShort(level)}</span>
    </span>
  );
}
