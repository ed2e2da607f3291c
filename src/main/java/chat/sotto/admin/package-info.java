/**
 * What an operator does with a server's data: a library without arguments or output of its own. It
 * copies a database, and makes a folder of a copy in which every log says that it was restored. It
 * sees events and states, never behaviours.
 */
package chat.sotto.admin;
