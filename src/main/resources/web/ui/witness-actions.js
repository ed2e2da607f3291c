/** What a person can do with what the server recorded about this browser. */

/** @param page {engine, state, save}: see createActions, as are attempt, changeDialog */
export function witnessActions({ engine, state, save }, { attempt, changeDialog }) {
  const change = fields =>
    changeDialog('settings', { witness: { ...state().dialog?.witness, ...fields } });

  /** Runs with the record of this moment. What was shown before stays if there is none. */
  async function withRecord(run) {
    change({ busy: true, error: null, saved: null });
    await attempt(async () => {
      const record = await engine().witness();
      const { groups, acknowledgedAt } = record;
      change({ busy: false, groups, acknowledgedAt, ...run(record) });
    }, text => change({ busy: false, error: text }));
  }

  function loadWitness() {
    return withRecord(() => ({}));
  }

  function saveWitness() {
    return withRecord(({ name, json }) => {
      save(name, json);
      return { saved: name };
    });
  }

  return { loadWitness, saveWitness };
}
