/** The injected time source, and the loop that background work runs in. */
package baton.controller.clock;
