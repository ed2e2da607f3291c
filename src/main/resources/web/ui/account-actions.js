/** What a person can do before and around an account: get in, come back, go to another one. */
import { canonicalUserName, isUserName, passwordProblem } from '../state/credentials.js';
import { texts } from './texts.js';

/** What the engine is asked for by the start form, by the form's mode. */
const asks = {
  create: (engine, { user, password, anew }) =>
    engine.createAccount({ user, password, ...(anew ? { anew } : {}) }),
  'sign-in': (engine, { user, password, replace }) =>
    engine.signIn({ user, password, ...(replace ? { replace } : {}) }),
  recover: (engine, { user, code, password, replace }) =>
    engine.recover({ user, code, password, ...(replace ? { replace } : {}) }),
};

/** @param tools {attempt(ask, fail), alert(text)} of the actions */
export function accountActions(page, { attempt, alert }) {
  const { dispatch, engine } = page;

  /**
   * @param typed {mode, user, password, repeat?, code?, replace?: id of a device that goes, anew?:
   *   whether the account begins anew under a name that was opened again}
   */
  async function submitAccount({ mode, user: typed, repeat, ...rest }) {
    const user = canonicalUserName(typed);
    const refusal = refusalOf(mode, { user, repeat, ...rest });
    if (refusal) return dispatch({ type: 'form-failed', ...refusal });
    dispatch({ type: 'form-busy' });
    const done = await attempt(() => asks[mode](engine(), { user, ...rest }),
      (text, error) => dispatch({ type: 'form-failed', text, ...choiceOf(error) }));
    if (!done) return false;
    dispatch({ type: 'form-idle' });
    if (mode === 'create') dispatch({ type: 'recovery-offered', offered: true });
    else dispatch({ type: 'history-offered', offered: isEmpty(page.state()) });
    return true;
  }

  /** Leaves the account as it is, and asks for another one. */
  async function addAccount() {
    const from = page.state().account.user;
    await attempt(async () => {
      await engine().addAccount();
      dispatch({ type: 'adding-account', from });
    }, alert);
  }

  async function signOut() {
    if (await attempt(() => engine().signOut(), alert)) {
      dispatch({ type: 'farewell', text: texts.signedOut });
    }
  }

  async function eraseBrowser() {
    if (await attempt(() => engine().eraseBrowser(), alert)) {
      dispatch({ type: 'farewell', text: texts.browserErased });
    }
  }

  async function answerHistory(device, agreed) {
    if (await attempt(() => engine().answerHistory(device, agreed), alert)) {
      dispatch({ type: 'history-answered', device });
    }
  }

  /** @param devices those to choose from, if that is what has to be decided */
  function failForm(text, devices = null) {
    dispatch({ type: 'form-failed', text, devices });
  }

  return {
    submitAccount,
    addAccount,
    switchAccount: user => attempt(() => engine().switchAccount(user), alert),
    /** Back from adding an account; a refusal is told at the form. */
    backToAccount: user => attempt(() => engine().switchAccount(user), text => failForm(text)),
    failForm,
    chooseMode: mode => dispatch({ type: 'mode', mode }),
    signOut,
    eraseBrowser,
    /** From what stood before everything else to the start, under the same name. */
    proceed() {
      const { user, users } = page.state().account;
      const first = user === null ? [] : [user];
      dispatch({ type: 'account', phase: 'signed-out', users: [...new Set([...first, ...users])] });
    },
    refuseHistoryOffer: () => dispatch({ type: 'history-offered', offered: false }),
    refuseRecoveryOffer: () => dispatch({ type: 'recovery-offered', offered: false }),
    dismissTold: id => dispatch({ type: 'told-dismissed', id }),
    answerHistory,
  };
}

/** A browser that is new to its account has no conversations. */
function isEmpty({ conversations }) {
  return Object.keys(conversations ?? {}).length === 0;
}

/** What the person has to decide before the same is asked for again. */
function choiceOf(error) {
  if (error.code === 'devices-full') return { devices: error.values.devices };
  return error.code === 'account-reopened' ? { reopened: true } : {};
}

function refusalOf(mode, { user, password, repeat, code }) {
  if (!isUserName(user)) return { text: texts.nameInvalid, field: 'user' };
  if (mode === 'recover' && code.trim() === '') return { text: texts.codeMissing, field: 'code' };
  if (password === '') return { text: texts.passwordMissing, field: 'password' };
  return mode === 'sign-in' ? null : newPasswordRefusal(password, repeat, user);
}

/** Why a new password, typed twice, is not taken: {text, field}; null if it is. */
export function newPasswordRefusal(password, repeat, user) {
  const problem = passwordProblem(password, user);
  if (problem) return { text: texts.passwordProblems[problem], field: 'password' };
  return password === repeat ? null : { text: texts.passwordsDiffer, field: 'repeat' };
}
