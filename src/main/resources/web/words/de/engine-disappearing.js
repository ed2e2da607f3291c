/** Was über Nachrichten gesagt wird, die verschwinden. */

export const TIMER_REFUSALS = {
  'timer-invalid': 'Nachrichten können 5 Sekunden bis ein Jahr nach dem Lesen verschwinden, oder '
    + 'nie.',
  'timer-void': 'Wie lange Nachrichten bleiben, lässt sich in dieser Unterhaltung nicht mehr '
    + 'ändern.',
};

export const TIMER_NOTICES = {
  'timer': '{by} lässt Nachrichten nach dem Lesen verschwinden (Frist: {span})',
  'timer-off': '{by} lässt Nachrichten wieder stehen',
  'timer-not-sent': 'Den anderen konnte nicht gesagt werden, wie lange Nachrichten bleiben. Was du '
    + 'schreibst, verschwindet wie gewählt; stell es später noch einmal ein, damit es auch für ihre '
    + 'Nachrichten gilt.',
};

export const OWN_TIMER_NOTICES = {
  'timer': 'Du lässt Nachrichten nach dem Lesen verschwinden (Frist: {span})',
  'timer-off': 'Du lässt Nachrichten wieder stehen',
};
