/** What happens when the controller finds itself or its surroundings wrong; injected everywhere. */
package baton.controller.fault;
