package chat.sotto.edge;

import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.util.Optional;

/** Who writes, and where: in a group, or to the one who is told. */
record Typist(UserName user, DeviceId device, Optional<GroupId> group) {}
