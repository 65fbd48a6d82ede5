import { Text } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled, IconCircleDashed, IconCircleXFilled } from '@tabler/icons-react';
import classes from './PasswordRules.module.css';
import type { Rule, RuleState } from './rules';

const LOOKS: Record<RuleState, { icon: typeof IconCircle; words: string }> = {
  open: { icon: IconCircle, words: 'still missing' },
  met: { icon: IconCircleCheckFilled, words: 'met' },
  broken: { icon: IconCircleXFilled, words: 'broken' },
  server: { icon: IconCircleDashed, words: '' },
};

/** The rules of a policy, ticked as one types. */
export function PasswordRules({ id, rules }: { id?: string; rules: readonly Rule[] }) {
  return (
    <ul id={id} className={classes.rules} aria-label="What the password needs">
      {rules.map(({ code, words, state }) => {
        const Icon = LOOKS[state].icon;
        return (
          <li key={code} className={classes.rule} data-state={state}>
            <Icon size={16} aria-hidden className={classes.sign} />
            <Text span fz="sm" inherit>
              {words}
              {LOOKS[state].words && <span className="visually-hidden">, {LOOKS[state].words}</span>}
            </Text>
          </li>
        );
      })}
    </ul>
  );
}
