/** What S says of groups (docs/protocol.md §9.7). */

import {
  FrameError, boolean, bytes, count, deviceId, groupId, integer, list, oneOf, optional, record,
  rising, time, userName,
} from './fields.js';
import {
  DEVICE_LIST, HASH, MESSAGE_ID, POINT, PREKEY, PREKEY_ID, PREKEY_KIND, SIGNATURE,
} from './forms.js';

const PAGE_MAX = 32;
const ROWS_MAX = 200;
const OPS_MAX = 512;
const SEALED_BYTES_MAX = 256;
const INFO_BYTES_MAX = 1024;
const PIECE_BYTES_MAX = 2048;

/** One of several records, told apart by the field `tag`. */
const variant = (tag, forms) => {
  const checks = new Map(Object.entries(forms).map(([name, fields]) =>
    [name, record({ [tag]: oneOf(name), ...fields })]));
  return value => {
    const check = checks.get(value?.[tag]);
    if (!check) throw new FrameError(`unknown ${tag}`);
    return check(value);
  };
};

const USER_LIST = { user: userName, deviceList: DEVICE_LIST };

const OP_FORMS = variant('op', {
  found: USER_LIST,
  invite: USER_LIST,
  devices: USER_LIST,
  remove: { user: userName },
  leave: { user: userName },
  decline: { user: userName },
  timeout: { user: userName },
  role: { user: userName, role: oneOf('admin', 'member') },
  rekey: { user: userName, device: deviceId },
});

function OP(value) {
  const op = OP_FORMS(value);
  if (op.deviceList && op.deviceList.user !== op.user) throw new FrameError('the list of another');
  return op;
}

const CONTENT = variant('type', {
  commit: {
    epoch: integer,
    kind: oneOf('create', 'change', 'reset'),
    ops: list(OP, { max: OPS_MAX }),
    rosterHash: HASH,
    head: POINT,
    check: HASH,
    joinCheck: HASH,
    infoDigest: HASH,
    signature: SIGNATURE,
  },
  proposal: {
    op: variant('op', {
      leave: {}, decline: {}, devices: { deviceList: DEVICE_LIST }, rekey: {},
    }),
    head: POINT,
    signature: SIGNATURE,
  },
  confirm: {
    epoch: integer,
    head: POINT,
    inviter: userName,
    sealed: bytes(1, SEALED_BYTES_MAX),
    signature: SIGNATURE,
  },
  post: {
    epoch: integer, counter: count, head: POINT, digest: HASH, signature: SIGNATURE,
  },
});

const ROW = record({ role: oneOf('admin', 'member', 'invited'), deviceList: DEVICE_LIST });

const PIECE = record({
  prekeyKind: PREKEY_KIND, prekeyId: PREKEY_ID, piece: bytes(1, PIECE_BYTES_MAX),
});

const LOG = { owner: groupId, generation: count };

export const GROUP_ERROR_CODES = [
  'not-member', 'not-admin', 'epoch-stale', 'epoch-pending', 'already-member', 'last-admin',
  'group-full', 'group-taken', 'pieces-refused', 'invitation-over', 'signature-refused',
  'group-refused',
];

export const GROUP_REPLIES = {
  'group-accepted': { group: groupId, sequenceNr: count, time: time, hash: HASH, digest: HASH },
  'group-key-page': {
    users: list(record({
      deviceList: DEVICE_LIST,
      keys: list(record({ device: deviceId, signedPrekey: PREKEY }), { min: 1, max: 8 }),
    }), { max: PAGE_MAX }),
    more: boolean,
  },
  'group-seen-by': { unseen: list(userName, { max: ROWS_MAX }) },
};

export const GROUP_PUSHES = {
  'group-start': {
    ...LOG,
    sequenceNr: integer,
    hash: HASH,
    rows: rising(list(ROW, { max: PAGE_MAX }), ({ deviceList }) => deviceList.user),
    more: boolean,
  },
  'group-waiting': { ...LOG, sequenceNr: integer, hash: HASH, pending: boolean },
  'group-entry': {
    ...LOG,
    sequenceNr: count,
    time: time,
    fromUser: userName,
    fromDevice: deviceId,
    messageId: MESSAGE_ID,
    content: CONTENT,
    hash: HASH,
    seed: optional(HASH),
    info: optional(bytes(1, INFO_BYTES_MAX)),
    piece: optional(PIECE),
    ciphertext: optional(bytes(1, Infinity)),
  },
};

/** What the fields of a push must say together. */
export function checkGroupPush(frame) {
  const isCommit = frame.type === 'group-entry' && frame.content.type === 'commit';
  if (Boolean(frame.seed) !== isCommit) throw new FrameError('a seed comes with a commit only');
  return frame;
}
