/** The actions over an engine whose every method is noted, and refused or answered as said. */
import { initialState, reduce } from '/state/state.js';
import { createActions } from '/ui/actions.js';

export function desk(answers = {}) {
  const calls = [];
  const engine = new Proxy({}, {
    get: (_, name) => async (...values) => {
      calls.push([name, ...values]);
      const answer = answers[name];
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(...values) : answer;
    },
  });
  const it = { calls, state: initialState, went: [], saved: [],
    notifier: fakeNotifier() };
  const dispatch = event => { it.state = reduce(it.state, event); };
  dispatch({ type: 'account', phase: 'signed-in', user: 'alice' });
  dispatch({ type: 'connection', status: 'connected' });
  dispatch({ type: 'conversations', list: [
    { id: 'c1', user: 'bob', draft: '', unread: 0, verified: false, keyChanged: false }] });
  it.dispatch = dispatch;
  it.actions = createActions({ engine: () => engine, state: () => it.state, dispatch,
    goTo: id => it.went.push(id), reload() {}, save: (...file) => it.saved.push(file),
    copy: async text => { it.copied = text; }, print() {},
    storage: async () => ({ usage: 1_234_567, quota: 1e9 }), notifier: it.notifier });
  return it;
}

/** What an engine refuses with. */
export function refused(text, fields = {}) {
  return Object.assign(new Error('refused'), { code: 'x', text, ...fields });
}

/** Notes what a person would be shown. `answer` is what they say when they are asked. */
export function fakeNotifier() {
  const it = {
    permission: 'default', shows: 'off', answer: 'granted', works: true, shown: [], withdrawn: [],
    standing: () => ({ permission: it.permission, shows: it.shows }),
    choose: shows => { it.shows = shows; },
    ask: async () => { it.permission = it.answer; },
    show: notification => it.works && it.shown.push(notification) > 0,
    withdraw: tag => it.withdrawn.push(tag),
    withdrawAll: () => it.withdrawn.push('all'),
  };
  return it;
}
