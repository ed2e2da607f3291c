/** What the engine says of messages that disappear. */

export const TIMER_REFUSALS = {
  'timer-invalid': 'Messages can disappear 5 seconds to a year after they are read, or never.',
  'timer-void': 'How long messages stay can no longer be changed in this conversation.',
};

export const TIMER_NOTICES = {
  'timer': '{by} set messages to disappear {span} after they are read',
  'timer-off': '{by} set messages to stay',
  'timer-not-sent': 'The others could not be told how long messages stay. What you write '
    + 'disappears as you chose; set it again later, so that theirs do too.',
};

/** What others read of a person, as that person does. */
export const OWN_TIMER_NOTICES = {
  'timer': 'You set messages to disappear {span} after they are read',
  'timer-off': 'You set messages to stay',
};
