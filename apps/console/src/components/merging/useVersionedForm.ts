import { type FormValidateInput, useForm } from '@mantine/form';
import { type FormEvent, useState } from 'react';
import type { Versioned } from '../../api/client';
import { applyProblem, asProblem } from '../../api/problem';
import { changedOnly, countOf, threeWay, type Values } from './threeWay';

interface Options<R, T extends Values> {
  /** What was read, and its version. */
  read: Versioned<R>;
  valuesOf: (stored: R) => T;
  /** Sends only what was changed, on the version that it was changed on. */
  send: (patch: Partial<T>, etag: string) => Promise<Versioned<R>>;
  /** Reads again, after somebody else was faster. */
  readAgain: () => Promise<Versioned<R>>;
  validate?: FormValidateInput<T>;
  /** `former` is what stood before in all that was changed, for taking it back. */
  onSaved?: (saved: Versioned<R>, former: Partial<T>) => void;
}

/** What became of somebody else's change: noticed, or already brought together with this one. */
export type Conflict = { step: 'noticed' } | { step: 'merged'; theirs: string[]; both: string[] };

/** A form over something stored that others may change meanwhile: nothing of theirs is overwritten unseen. */
export function useVersionedForm<R, T extends Values>(options: Options<R, T>) {
  const [base, setBase] = useState({ values: options.valuesOf(options.read.value), etag: options.read.etag });
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const form = useForm<T>({ initialValues: base.values, validate: options.validate });

  /** Goes on from what is stored now; what differs from `seen` was typed, also just now, and stays. */
  const adopt = ({ value, etag }: Versioned<R>, seen: T) => {
    const stored = options.valuesOf(value);
    const merged = threeWay(seen, form.getValues(), stored);
    setBase({ values: stored, etag });
    form.setValues(merged.values);
    form.clearErrors();
    setError(null);
    return merged;
  };
  /**
   * Sends on the newest version when somebody was faster but changed nothing that stands here, such as the account
   * whose password was changed meanwhile. Nobody needs to be asked then.
   */
  const send = async (typed: T): Promise<Versioned<R> | null> => {
    const patch = changedOnly(base.values, typed);
    try {
      return await options.send(patch, base.etag);
    } catch (failure) {
      if (asProblem(failure).status !== 412) throw failure;
      const now = await options.readAgain();
      const { theirs } = threeWay(base.values, typed, options.valuesOf(now.value));
      return theirs.length === 0 ? options.send(patch, now.etag) : null;
    }
  };
  const save = form.onSubmit(async (typed) => {
    setRunning(true);
    setError(null);
    try {
      const saved = await send(typed);
      if (saved) {
        adopt(saved, typed);
        options.onSaved?.(saved, changedOnly(typed, base.values));
      }
      setConflict(saved ? null : { step: 'noticed' });
    } catch (failure) {
      if (asProblem(failure).status === 412) setConflict({ step: 'noticed' });
      else setError(applyProblem(form, failure) ?? 'See the fields that are marked.');
    } finally {
      setRunning(false);
    }
  });
  return {
    form,
    running,
    error,
    conflict,
    /** How many values wait to be saved. */
    changes: countOf(changedOnly(base.values, form.values)),
    submit: (event: FormEvent<HTMLFormElement>) => save(event),
    discard: () => {
      form.setValues(base.values);
      form.clearErrors();
      setError(null);
      setConflict(null);
    },
    /** Reads what is stored now, and keeps what was typed. */
    reload: async () => {
      try {
        const now = await options.readAgain();
        const { theirs, both } = adopt(now, base.values);
        setConflict({ step: 'merged', theirs, both });
      } catch (failure) {
        setError(applyProblem(form, failure));
      }
    },
    /** Takes over what was stored by another way than this form. */
    follow: (now: Versioned<R>) => {
      adopt(now, base.values);
    },
  };
}
