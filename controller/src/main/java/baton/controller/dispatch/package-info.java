/**
 * What a leader does to nodes: sends what the state owes them until they have answered, and keeps
 * them in view. Nothing here decides; answers become commands.
 */
package baton.controller.dispatch;
