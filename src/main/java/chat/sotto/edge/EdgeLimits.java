package chat.sotto.edge;

import java.time.Duration;

/**
 * What one address, one user and everybody together may use up of this node.
 *
 * @param firstFrameWithin from accepting a connection to its first complete request, and from
 *     opening a socket to its first complete frame
 * @param silenceMax a socket from which nothing came for so long is closed
 * @param connectsPerAddress TCP connections, whatever comes of them
 * @param signInsPerUser by strangers: no device that is the user's signed the attempt
 * @param proofsPerDevice of a device that is the user's
 * @param accountChangesPerDevice that need no proof
 * @param lookUpsPerUser of people from whom the user never heard
 * @param asksPerConnection requests of one connection that wait for an answer
 * @param passwordQueue passwords that wait to be checked
 */
public record EdgeLimits(
    int connectionsPerAddress,
    int connectionsPerUser,
    int connectionsTotal,
    Duration firstFrameWithin,
    Duration silenceMax,
    Rate connectsPerAddress,
    Rate signInsPerUser,
    Rate signInsPerAddress,
    Rate proofsPerDevice,
    Rate accountChangesPerDevice,
    Rate registrationsPerAddress,
    Rate lookUpsPerUser,
    Rate prekeyChangesPerUser,
    GroupRates groups,
    Rate archiveChangesPerUser,
    Rate archiveReadsPerUser,
    Rate typingPerUser,
    int asksPerConnection,
    int asksPerNode,
    Duration askTimeout,
    int passwordQueue) {}
