/** Auditors: they keep books of their own about what happens, and trust nobody else's. */
package baton.controller.check;
