/** What the person's own account has to tell or to ask, as banners. */
import { momentName } from './dates.js';
import { isReady } from './reset-panel.js';
import { texts } from './texts.js';

/** News, each to be put away: they are read out when there is time. */
export function ownNews({ told, recoveryOffered, historyOffered, archive }, actions) {
  const news = told.map(({ id, text, about }) => ({
    key: `told ${id}`, kind: 'news', text: text ?? texts.pastNews[about],
    label: texts.dismiss, act: () => actions.dismissTold(id),
    ...(about ? { otherLabel: texts.showHistorySettings,
      other: () => actions.showSettings('history') } : {}),
  }));
  if (historyOffered && archive?.state === 'off') {
    news.push({ key: 'history-offer', kind: 'offer', text: texts.offerHistory,
      label: texts.offerHistoryAccept,
      act() {
        actions.refuseHistoryOffer();
        actions.showSettings('history');
      },
      otherLabel: texts.offerLater, other: actions.refuseHistoryOffer });
  }
  if (!recoveryOffered) return news;
  return [...news, {
    key: 'offer', kind: 'offer', text: texts.offerRecovery, label: texts.offerAccept,
    act() {
      actions.refuseRecoveryOffer();
      actions.showSettings('recovery', { what: 'set-code' });
    },
    otherLabel: texts.offerLater, other: actions.refuseRecoveryOffer,
  }];
}

/** What waits for an answer, and what goes on. Who has to sign in first can answer nothing. */
export function ownBanners({ account, reset, historyAsked, archive, history }, actions) {
  if (account.phase !== 'signed-in') return [];
  const banners = reset === null ? [] : [resetBanner(reset, actions)];
  for (const { device, name } of historyAsked) {
    banners.push({
      key: `history ${device}`, kind: 'ask', text: texts.historyAskedBy(name),
      label: texts.agree, act: () => actions.answerHistory(device, true),
      otherLabel: texts.decline, other: () => actions.answerHistory(device, false),
    });
  }
  if (archive?.state === 'restoring') {
    const { done = 0, total = 0 } = archive;
    banners.push({ key: 'restoring', kind: 'progress', text: texts.restoring(done, total),
      progress: { done, total, label: texts.restoringLabel } });
  }
  if (history !== null) {
    const { done, total } = history;
    banners.push({ key: 'taking-over', kind: 'progress', text: texts.takingOver(done, total),
      progress: { done, total, label: texts.takingOverLabel } });
  }
  return banners;
}

function resetBanner(reset, actions) {
  const { isThis, name, allowedAt } = reset;
  const ready = isReady(reset);
  const time = momentName(allowedAt);
  const mine = ready ? texts.resetReady : texts.resetMine(time);
  const text = isThis ? mine : texts.resetByOther(name, time);
  const label = isThis ? ready ? texts.resetSet : texts.resetShow : texts.resetCancel;
  const asking = isThis ? null : { what: 'cancel-reset' };
  return { key: 'reset', kind: isThis ? 'ask' : 'alert', text, label,
    act: () => actions.showSettings('password', asking),
    redrawAt: isThis && !ready ? allowedAt : null };
}
