/**
 * The cryptography of Sotto: pure functions over bytes, for server, client and auditor alike. The
 * only room that imports BouncyCastle, and one that can be reviewed alone. The normative text is
 * docs/protocol.md; where a construction is somebody else's, the RFC is named.
 *
 * <h2>What to use</h2>
 *
 * <table>
 * <caption>Constructions</caption>
 * <tr><th>class</th><th>what</th><th>guarantees</th><th>does not</th></tr>
 * <tr><td>{@link chat.sotto.crypto.Enc}, {@link chat.sotto.crypto.Hash}</td>
 *   <td>{@code enc} and {@code H}</td>
 *   <td>one form for one list of items; parsing is strict</td>
 *   <td>say of what type an item was</td></tr>
 * <tr><td>{@link chat.sotto.crypto.Ed25519}</td>
 *   <td>RFC 8032 over {@code enc(label, items)}</td> <td>64 bytes, S below the order, keys
 *   and R canonical and in the prime-order subgroup: there libraries agree</td> <td>say whose key it
 *   is</td></tr>
 * <tr><td>{@link chat.sotto.crypto.X25519}</td>
 *   <td>RFC 7748</td><td>an all-zero result is refused</td><td>authenticate</td></tr>
 * <tr><td>{@link chat.sotto.crypto.Hkdf}</td><td>RFC 5869, RFC 2104</td><td></td><td></td></tr>
 * <tr><td>{@link chat.sotto.crypto.Aead}</td>
 *   <td>AES-256-GCM, random nonce in front</td>
 *   <td>2^32 calls with one key</td><td>stop a replay</td></tr>
 * <tr><td>{@link chat.sotto.crypto.Hpke}</td>
 *   <td>RFC 9180, base and PSK mode</td>
 *   <td>opens only the next ciphertext of its sender; a failure changes nothing</td>
 *   <td>authenticate the sender in base mode</td></tr>
 * <tr><td>{@link chat.sotto.crypto.Argon2id}</td>
 *   <td>RFC 9106, 19 MiB, t=2, p=1</td><td>a guess costs as much as a login</td>
 *   <td>bound how many run at once</td></tr>
 * <tr><td>{@link chat.sotto.crypto.PasswordSecrets}</td>
 *   <td>PBKDF2 (RFC 8018) and HKDF</td>
 *   <td>the auth secret says nothing of the vault key</td>
 *   <td>make a weak password strong</td></tr>
 * <tr><td>{@link chat.sotto.crypto.RecoveryCode}</td>
 *   <td>128 bits that people write down, HKDF</td>
 *   <td>a slip of the pen is told; the secret that the server checks opens nothing</td>
 *   <td>forget itself: the vault holds it</td></tr>
 * <tr><td>{@link chat.sotto.crypto.OwnKey}</td>
 *   <td>what the devices of a user share, and sync under it</td>
 *   <td>a blob opens for one user and counter only</td>
 *   <td>know whether a counter is the newest</td></tr>
 * <tr><td>{@link chat.sotto.crypto.ArchivePlace}, {@link chat.sotto.crypto.ArchiveReading}</td>
 *   <td>the archive as a hash chain of sealed batches, read from the newest down</td>
 *   <td>no batch is missing, swapped, replayed, or under an older key than the one before it</td>
 *   <td>know which batch is the newest: sync names one</td></tr>
 * <tr><td>{@link chat.sotto.crypto.FileChunks}</td>
 *   <td>a file as padded chunks (STREAM, Padmé)</td>
 *   <td>no chunk is left out, moved, repeated or added; a wrong one gives nothing</td>
 *   <td>know whose file it is: the message that holds key and digest says that</td></tr>
 * <tr><td>{@link chat.sotto.crypto.TypingPlace}</td>
 *   <td>whether somebody is writing, in 64 padded bytes</td>
 *   <td>opens for one conversation, user and device only</td>
 *   <td>stop a replay: its number does that</td></tr>
 * <tr><td>{@link chat.sotto.crypto.SafetyNumber}</td>
 *   <td>Signal's numeric fingerprint</td>
 *   <td>another account key, name or server gives another number</td>
 *   <td>remember who compared it</td></tr>
 * <tr><td>{@link chat.sotto.crypto.EntryChain}</td>
 *   <td>hash chain of an inbox or a group</td>
 *   <td>a known hash vouches for all entries before it</td>
 *   <td>show an entry that was never chained</td></tr>
 * <tr><td>{@link chat.sotto.crypto.SessionOpening}</td>
 *   <td>a session key to a prekey, signed</td>
 *   <td>both sides agree on both people, devices, account keys and device lists, or share
 *   nothing</td>
 *   <td>check that the given keys are those people's; know whether a session id is new</td></tr>
 * <tr><td>{@link chat.sotto.crypto.DoubleRatchet}</td>
 *   <td>the Double Ratchet specification</td> <td>each key used once; old keys do not open new
 *   messages nor new keys old ones; a message that does not open changes nothing</td> <td>store
 *   itself: a caller that seals twice from one state uses a key twice, under two nonces</td> </tr>
 * <tr><td>{@link chat.sotto.crypto.GroupEpoch}</td>
 *   <td>the keys of a group's epoch, from the epoch before, fresh bytes of the committer and a seed
 *   of the server</td>
 *   <td>who lacks one of the first two derives nothing; whoever derives keys under one signed
 *   commit derives the same ones</td>
 *   <td>check the commit's signature; erase what the caller keeps of earlier epochs</td></tr>
 * <tr><td>{@link chat.sotto.crypto.GroupSecrets}</td>
 *   <td>a commit's secret to a prekey</td>
 *   <td>opens for one device, commit and prekey only</td>
 *   <td>say who sealed it: the secret must fit the signed check</td></tr>
 * <tr><td>{@link chat.sotto.crypto.GroupMessages}</td>
 *   <td>posts on a chain for each device, confirmations, the group's name</td>
 *   <td>bound to group, epoch, header and roster; an old chain key opens new posts, not the
 *   reverse</td>
 *   <td>say which member wrote: that is the entry's signature</td></tr>
 * <tr><td>{@link chat.sotto.crypto.Ciphertext}, {@link chat.sotto.crypto.Padding}</td>
 *   <td>the wire form of a message, its size bucket</td>
 *   <td>parsing is strict</td><td>authenticate: that is the ratchet's</td></tr>
 * </table>
 *
 * <h2>Rules of this room</h2>
 *
 * <ul>
 *   <li>Suite 1 is DHKEM(X25519, HKDF-SHA256) 0x0020, HKDF-SHA256 0x0001, AES-256-GCM 0x0002
 *       ({@link chat.sotto.crypto.Suite}). Its id is the first byte of what is sealed and part of
 *       every key schedule; an id that is not known is refused. <li>Every label and domain
 *       separator is in {@link chat.sotto.crypto.Labels}; all begin with {@code sotto/v1/}.
 *       <li>Input of others that breaks a rule is a {@link chat.sotto.crypto.RefusedException}; a
 *       mistake of the caller is an {@link java.lang.IllegalArgumentException}. Neither names a
 *       secret, and a failed authentication says one thing only. <li>Randomness is a {@link
 *       java.security.SecureRandom} that the caller gives: there is no other. <li>Curves and
 *       Argon2id run on BouncyCastle, whose Ed25519 is strict and several times as fast; hashes,
 *       HMAC, PBKDF2 and AES-GCM run on the JDK. <li>Secrets have no text: what holds one prints
 *       {@code ***}. Java cannot promise to erase memory; what must be forgotten is not kept.
 * </ul>
 */
package chat.sotto.crypto;
