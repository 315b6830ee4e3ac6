/** Puts a controller together; the only place that starts threads and listens. */
package baton.controller.main;
