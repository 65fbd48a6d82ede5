import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../api/problem';
import { done } from '../../components/notify';

/** What other levels make the pages show another way. */
const TOUCHED = ['permissions', 'session', 'objects', 'records', 'record', 'audit'];

interface Saved {
  message: string;
  takeBack: () => Promise<unknown>;
}

interface Options<Shown> {
  /** Saves what is shown under its tag; null when nothing was saved because it would do something else by now. */
  save: (shown: Shown) => Promise<Saved | null>;
  /** Asks what it would do now, and shows that. */
  again: () => Promise<unknown>;
  onSaved: () => void;
}

/** Saves what a preview told, or shows the preview anew when something has changed since. */
export function useSavePreviewed<Shown>({ save, again, onSaved }: Options<Shown>) {
  const client = useQueryClient();
  const [outdated, setOutdated] = useState(false);
  const settle = () =>
    Promise.all(TOUCHED.map((resource) => client.invalidateQueries({ queryKey: [resource] })));
  const saving = useMutation({
    mutationFn: async (shown: Shown) => {
      const saved = await save(shown).catch((error) => {
        if (asProblem(error).status === 412) return null;
        throw error;
      });
      if (!saved) {
        await again();
        setOutdated(true);
      }
      return saved;
    },
    onSuccess: async (saved) => {
      if (!saved) return;
      await settle();
      done(saved.message, async () => {
        await saved.takeBack();
        await settle();
      });
      onSaved();
    },
  });
  const reset = () => {
    setOutdated(false);
    saving.reset();
  };
  return { save: saving.mutate, saving: saving.isPending, error: saving.error, outdated, reset };
}
