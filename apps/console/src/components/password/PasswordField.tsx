import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useId } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { asProblem, asSentence } from '../../api/problem';
import type { PasswordPolicy } from '../../api/schema';
import { PasswordRules } from './PasswordRules';
import { type Owner, rulesFor } from './rules';
import { showToggle } from './showToggle';

interface Props extends Omit<PasswordInputProps, 'value'> {
  value?: string;
  /** Without it, nothing is known until the server has answered. */
  policy?: PasswordPolicy;
  owner?: Owner;
  /** What the server refused this very password for. */
  refused?: readonly string[];
}

/** A new password: what it needs stands below and is ticked while one types. */
export function PasswordField({ policy, owner, refused, value = '', ...props }: Props) {
  const rules = policy && rulesFor(policy, value, owner, refused);
  const id = useId();
  return (
    <div>
      <PasswordInput
        autoComplete="new-password"
        maxLength={200}
        aria-describedby={rules ? id : undefined}
        {...showToggle}
        {...props}
        value={value}
      />
      {rules && <PasswordRules id={id} rules={rules} />}
    </div>
  );
}

/** Which rules the server says a password breaks: their codes, and sentences for where the rules aren't listed. */
export function refusedRules(error: unknown): { codes: string[]; words: ReactNode } | null {
  const problem = asProblem(error);
  const broken = problem.fields.filter(({ code }) => RULES.has(code));
  if (broken.length === 0) return null;
  return {
    codes: broken.map(({ code }) => code),
    words: broken.map(({ code, detail }) => asSentence(WORDS[code] ?? detail)).join(' '),
  };
}

const WORDS: Record<string, string> = {
  too_long: 'At most 72 bytes',
  needs_upper: 'It needs an upper-case letter',
  needs_lower: 'It needs a lower-case letter',
  needs_digit: 'It needs a digit',
  needs_symbol: 'It needs a symbol or a space',
  too_common: 'This one is too common or too easily guessed',
  contains_personal_data: 'It contains your name or email',
};
const RULES = new Set(['too_short', 'contains_nul', ...Object.keys(WORDS)]);
