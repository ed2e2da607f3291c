/** What a person can do with groups. Part of the actions, by the same rules. */
import { groupNameProblem, invitationProblem, typedNames } from '../state/groups.js';
import { listName } from '../words/numbers.js';
import { texts } from './texts.js';

/** @param tools {attempt(ask, fail), changeDialog(kind, change), alert(text), answer(id, ask)} */
export function groupActions(page, { attempt, changeDialog, alert, answer }) {
  const { dispatch, engine } = page;

  async function createGroup(typed) {
    changeDialog('new-group', { busy: true, error: null });
    return attempt(async () => {
      const problem = groupNameProblem(typed);
      if (problem) refuse(texts.groupNameProblems[problem]);
      const id = await engine().createGroup(typed.trim());
      dispatch({ type: 'dialog', dialog: null });
      page.goTo(id);
    }, text => changeDialog('new-group', { busy: false, error: text }));
  }

  /** Whether the details of this group are on screen, to tell there how something went. */
  function detailsShown(id) {
    const { dialog } = page.state();
    return dialog?.kind === 'group' && dialog.conversation === id;
  }

  /** A refusal is told at `place` in the details, or over the page if they were closed. */
  function tellRefusal(id, place, text) {
    if (detailsShown(id)) changeDialog('group', { busy: false, error: text, place });
    else alert(text);
  }

  /**
   * Asks for one change of a group at a time.
   *
   * @param place where in the details: "name", "add", "leave" or "member USER"
   */
  async function change(id, place, ask) {
    if (page.state().dialog.busy) return false;
    changeDialog('group', { busy: true, error: null, place });
    const done = await attempt(ask, text => tellRefusal(id, place, text));
    if (done && detailsShown(id)) changeDialog('group', { busy: false, asking: null });
    return done;
  }

  async function showGroup(id, place = null) {
    dispatch({ type: 'dialog',
      dialog: { kind: 'group', conversation: id, asking: null, place, unseen: null } });
    if (page.state().conversations[id].group.status === 'member') await loadUnseen(id);
  }

  async function loadUnseen(id) {
    const tell = unseen => detailsShown(id) && changeDialog('group', { unseen });
    await attempt(async () => tell(await engine().loadUnseen(id)), text => tell({ error: text }));
  }

  function inviteMembers(id, typed) {
    return change(id, 'add', () => {
      const users = typedNames(typed);
      const found = invitationProblem(page.state().conversations[id].group, users);
      if (found) refuse(texts.invitationProblems[found.problem](listName(found.names)));
      return engine().inviteMembers(id, users);
    });
  }

  async function removeMember(id, user) {
    const done = await change(id, `member ${user}`, () => engine().removeMember(id, user));
    if (done) await loadUnseen(id);
  }

  function renameGroup(id, typed) {
    return change(id, 'name', () => {
      const problem = groupNameProblem(typed);
      if (problem) refuse(texts.groupNameProblems[problem]);
      return engine().renameGroup(id, typed.trim());
    });
  }

  async function leaveGroup(id) {
    const done = await change(id, 'leave', () => engine().leaveGroup(id));
    if (done && detailsShown(id)) dispatch({ type: 'dialog', dialog: null });
  }

  async function acceptInvitation(id) {
    if (await answer(id, () => engine().acceptInvitation(id))) page.goTo(id);
  }

  return {
    createGroup,
    showGroup,
    inviteMembers,
    removeMember,
    blockMember: (id, user) => change(id, `member ${user}`, () => engine().block(user)),
    unblockMember: (id, user) => change(id, `member ${user}`, () => engine().unblock(user)),
    setRole: (id, user, role) =>
      change(id, `member ${user}`, () => engine().setRole(id, user, role)),
    renameGroup,
    leaveGroup,
    acceptInvitation,
    declineInvitation: id => answer(id, () => engine().declineInvitation(id)),
    /** Somebody who came back because the server was restored; the others go with them. */
    removeAgain: (id, user) => answer(id, () => engine().removeMember(id, user)),
    ask: (what, user = null) =>
      changeDialog('group', { asking: what && { what, user }, error: null }),
  };
}

/** Refuses before the engine is asked, as the engine does. */
function refuse(text) {
  throw Object.assign(new Error('refused'), { text });
}
