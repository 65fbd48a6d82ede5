import { type ReactNode, useState } from 'react';
import { refusedRules } from './PasswordField';

/** Remembers which password the server refused, and why: the next key typed is another password. */
export function useRefusedPassword(typed: string) {
  const [last, setLast] = useState<{ password: string; codes: string[]; words: ReactNode } | null>(null);
  const now = last?.password === typed ? last : null;
  return {
    codes: now?.codes ?? [],
    words: now?.words,
    /** Whether this error is about the password. */
    takes: (error: unknown, password: string): boolean => {
      const rules = refusedRules(error);
      if (rules) setLast({ password, ...rules });
      return rules !== null;
    },
  };
}
