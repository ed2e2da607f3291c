/** What stands before everything else: Sotto cannot start, or must ask first. */
import { clone, parts, setOptionalText, setText } from './dom.js';
import { texts } from './texts.js';

export function gateView(actions) {
  const element = clone('gate');
  const { title, text, advice, server, fingerprint, confirmation, confirm, confirmText, error,
    action } = parts(element);
  let phase = null;
  const steps = {
    failed: actions.reload,
    revoked: actions.proceed,
    'storage-refused': actions.reload,
    'storage-wiped': actions.proceed,
    'server-changed': actions.trustNewServer,
  };

  action.addEventListener('click', () => steps[phase]());
  confirm.addEventListener('change', () => { action.disabled = !confirm.checked; });

  function update(state) {
    const gate = texts.gates[state.account.phase];
    if (phase !== state.account.phase) {
      confirm.checked = false;
      action.disabled = gate.confirm !== undefined;
    }
    phase = state.account.phase;
    setText(title, gate.title);
    setText(text, state.account.text ?? gate.text);
    setOptionalText(advice, gate.advice);
    setOptionalText(error, state.alerts.at(-1)?.text);
    setOptionalText(action, gate.action);
    setOptionalText(confirmText, gate.confirm);
    confirmation.hidden = gate.confirm === undefined;
    server.hidden = phase !== 'server-changed' || state.server === null;
    setText(fingerprint, state.server?.fingerprint);
  }

  return { element, update };
}
