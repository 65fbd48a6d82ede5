import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Versioned } from '../../api/client';
import { ApiProblem, asProblem, sentence } from '../../api/problem';
import { changeRecord, type NamedRecord } from '../../api/records';
import type { CustomObject, Field } from '../../api/schema';
import { recordTitle } from '../../components/fields/fieldTypes';
import {
  type Draft,
  draftOf,
  draftProblem,
  editorValue,
  sameDraft,
  valueWords,
} from '../../components/fields/values';
import { done, failed } from '../../components/notify';
import { useRecordCache } from './recordCache';

/** What of an edit outlives its editor, which goes whenever its row is scrolled away. */
export interface KeptEdit {
  draft: Draft;
  base: Versioned<NamedRecord> | null;
}

/** One value of a record, to be changed. */
export interface ValueEdit {
  object: CustomObject;
  field: Field;
  record: NamedRecord;
  /** Where the edit is kept while its editor is gone. */
  kept?: RefObject<KeptEdit | null>;
  /** Closes the editor, after saving or without. */
  onClose: () => void;
}

/** Changes one value of a record, from the version that is stored when the edit starts. */
export function useValueEdit({ object, field, record, kept, onClose }: ValueEdit) {
  const cache = useRecordCache(object.key);
  const [draft, setDraft] = useState<Draft>(kept?.current?.draft ?? draftOf(field, record.fields[field.key]));
  const [base, setBase] = useState(kept?.current?.base ?? null);
  const [theirs, setTheirs] = useState<Versioned<NamedRecord> | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [lost, setLost] = useState(false);
  const [running, setRunning] = useState(false);
  const loading = useRef<Promise<Versioned<NamedRecord>> | null>(null);
  const wanted = useRef<Draft | null>(null);
  const shown = useRef(false);
  const stored = draftOf(field, (base?.value ?? record).fields[field.key]);

  useEffect(() => {
    if (kept) kept.current = { draft, base };
  }, [kept, draft, base]);

  /** The record that the edit starts from. Where it couldn't be loaded, it is asked for again. */
  const begin = () => {
    loading.current ??= cache.begin(record.id).catch((problem) => {
      loading.current = null;
      throw problem;
    });
    return loading.current;
  };
  const refuse = (problem: unknown) => {
    setLost(asProblem(problem).status === 404);
    setError(refusal(problem, field, object));
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the record is loaded once, when the editor opens.
  useEffect(() => {
    shown.current = true;
    if (!base) {
      begin().then((fresh) => {
        if (!shown.current) return;
        setBase(fresh);
        const now = draftOf(field, fresh.value.fields[field.key]);
        setDraft((typed) => (sameDraft(typed, stored) ? now : typed));
        if (!fresh.value.can.edit) setError('You may see this record, but not change it any more.');
      }, refuse);
    }
    return () => {
      shown.current = false;
    };
  }, []);

  const close = () => {
    // The editor may have been closed while this was being saved, and another one opened. Who keeps edits knows.
    if (shown.current || kept) onClose();
  };

  /**
   * Saves a value, and closes the editor. A value that comes while another is being saved waits for it; of several that
   * wait, only the last is saved.
   */
  const save = async (value: Draft, from?: Versioned<NamedRecord>) => {
    const wrong = draftProblem(field, value);
    if (wrong) {
      setError(wrong);
      return;
    }
    const saving = wanted.current !== null;
    wanted.current = value;
    if (saving) return;
    setRunning(true);
    setError(null);
    try {
      const start = from ?? base ?? (await begin());
      await cache.inTurn(record.id, () => saveWanted(start));
      close();
    } catch (problem) {
      const now = asProblem(problem).status === 412 ? await cache.peek(record.id).catch(() => null) : null;
      if (!shown.current) failed(unsaved(problem, value));
      else if (now) setTheirs(now);
      else refuse(problem);
    } finally {
      wanted.current = null;
      setRunning(false);
    }
  };

  const saveWanted = async (start: Versioned<NamedRecord>) => {
    const before = draftOf(field, start.value.fields[field.key]);
    let last = start;
    let saved = before;
    const waits = () => wanted.current !== null && !sameDraft(wanted.current, saved);
    while (waits()) {
      while (waits()) {
        const next = wanted.current ?? saved;
        const after = await changeRecord(object.key, record.id, last.etag, {
          fields: { [field.key]: editorValue(field, next) },
        });
        saved = next;
        last = { value: { ...last.value, ...after.value }, etag: after.etag };
        setBase(last);
      }
      await show(last, before);
    }
  };

  /** Shows what was saved, and offers to take it back. */
  const show = async (saved: Versioned<NamedRecord>, before: Draft) => {
    cache.touch(record.id);
    const name = `${field.label} of ${recordTitle(object, saved.value)}`;
    const undo = () => cache.inTurn(record.id, () => takeBack(saved, before));
    try {
      const { value } = await cache.refresh(record.id);
      done(`${name} is now ${valueWords(field, value.fields[field.key], value.names)}.`, undo);
    } catch (problem) {
      if (asProblem(problem).status === 404) {
        cache.drop(record.id);
        const title = recordTitle(object, record);
        done(`Saved. ${title} has left your reach with this change, so you don’t see it any more.`);
      } else {
        done(`${name} is saved.`, undo);
      }
    }
  };

  const takeBack = async (saved: Versioned<NamedRecord>, before: Draft) => {
    const patch = { fields: { [field.key]: editorValue(field, before) } };
    try {
      await changeRecord(object.key, record.id, saved.etag, patch);
    } catch (problem) {
      if (asProblem(problem).status !== 412) throw problem;
      // Another value of the record may have changed since. This one is put back only if nobody has touched it.
      const now = await cache.peek(record.id);
      const held = ({ value }: Versioned<NamedRecord>) => draftOf(field, value.fields[field.key]);
      if (!sameDraft(held(now), held(saved))) throw problem;
      await changeRecord(object.key, record.id, now.etag, patch);
    }
    cache.touch(record.id);
    await cache.refresh(record.id);
  };

  /** What to say of a value that wasn't taken when its editor is gone. */
  const unsaved = (problem: unknown, value: Draft) => {
    const named = field.type === 'user' || field.type === 'record';
    const what = named ? '' : ` as “${valueWords(field, value)}”`;
    return new ApiProblem(asProblem(problem).status, {
      detail: `${field.label} of ${recordTitle(object, record)} wasn’t saved${what}. ${refusal(problem, field, object)}`,
    });
  };

  return {
    draft,
    setDraft,
    /** The value as it was stored when the edit began. */
    stored,
    base,
    /** What somebody else has saved meanwhile. */
    theirs,
    error,
    setError,
    /** The record is gone, or out of reach. */
    lost,
    running,
    save,
    /** Saves over what somebody else has saved. */
    keepMine: () => {
      if (!theirs) return;
      setBase(theirs);
      setTheirs(null);
      void save(draft, theirs);
    },
    keepTheirs: async () => {
      await cache.refresh(record.id).catch(() => null);
      close();
    },
  };
}

/** Why a change wasn't taken, in a sentence. */
function refusal(problem: unknown, field: Field, object: CustomObject): string {
  const refused = asProblem(problem);
  const record = object.singular.toLowerCase();
  if (refused.status === 404) return `This ${record} is gone, or has moved out of your reach meanwhile.`;
  if (refused.code === 'not_permitted') {
    return field.represents_ownership
      ? `With this owner the ${record} would be out of your reach, so the change can’t be saved.`
      : `You may see this ${record}, but not change it.`;
  }
  return sentence(refused);
}
