package chat.sotto.edge;

/**
 * How often one user does what costs a group, its members or the disk.
 *
 * @param changesPerUser commits, proposals and confirmations
 * @param kibPerUser of ciphertexts, pieces and names that are stored, one turn for each KiB
 * @param lookUpsPerUser of keys and of who has seen what
 * @param invitationsOfUser that somebody gets, whoever sends them
 */
public record GroupRates(
    Rate changesPerUser,
    Rate postsPerUser,
    Rate kibPerUser,
    Rate lookUpsPerUser,
    Rate invitationsOfUser) {}
