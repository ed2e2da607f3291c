package chat.sotto.user;

import chat.sotto.model.DeviceId;

/** A device waits for the right to begin a new account key. @param askedAt since when */
public record Reset(DeviceId device, long askedAt) {}
