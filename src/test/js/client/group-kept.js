/** What an account keeps, as somebody who has its browser sees it. */

import { loadSelf } from '/client/self.js';
import { AccountStore } from '/store/account-store.js';
import { loadGroup } from '/store/groups.js';
import { dump } from './people.js';

/** With secrets: {state, self, prekeys}; `state` of the group's conversation `id`, if given. */
export async function kept(person, id) {
  const store = await AccountStore.open(person.user);
  const { state } = id ? await loadGroup(store, id.slice('group:'.length)) : {};
  const self = await loadSelf(store);
  store.close();
  const prekeys = (await dump(person.user)).prekeys.map(([, row]) => row);
  return { state, self, prekeys };
}
